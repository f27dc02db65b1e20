import { DTypeError, ShapeError } from './errors.ts';

/** The element types of tensors. */
export type DType = 'float32' | 'float64' | 'int32' | 'bool';

/** The typed array that holds the elements of each dtype on the host; a bool is a byte that is 0 or 1. */
export interface DTypeArrays {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  bool: Uint8Array;
}

/** Host data of any dtype. */
export type TypedArray = DTypeArrays[DType];

const ORDER: readonly DType[] = ['bool', 'int32', 'float32', 'float64'];

/** What the engines' typed arrays hold at least; larger tensors are refused before any memory is asked for. */
export const MAX_LENGTH: number = 2 ** 31 - 1;

const CONSTRUCTORS = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array };

/**
 * Whether `dtype` has fractions, and therefore gradients.
 * @example
 * console.log(isFloating('float32'), isFloating('int32')); // true false
 */
export function isFloating(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

/**
 * The dtype that holds values of both: the later one in bool, int32, float32, float64.
 * @example
 * console.log(promoteTypes('int32', 'float32')); // float32
 */
export function promoteTypes(a: DType, b: DType): DType {
  return a === b || ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b;
}

/**
 * Bytes of one element on the host.
 * @example
 * console.log(bytesPerElement('float64')); // 8
 */
export function bytesPerElement(dtype: DType): number {
  return dtype === 'float32' ? 4 : CONSTRUCTORS[dtype].BYTES_PER_ELEMENT;
}

/**
 * A zeroed typed array for `length` elements of `dtype`.
 * @example
 * console.log(allocate('int32', 2)); // Int32Array(2) [0, 0]
 */
export function allocate<D extends DType>(dtype: D, length: number): DTypeArrays[D];
export function allocate(dtype: DType, length: number): TypedArray {
  return new (constructorFor(dtype, length))(length);
}

function constructorFor<D extends DType>(dtype: D, length: number): (typeof CONSTRUCTORS)[D] {
  checkDType('tensor', dtype);
  if (!(length <= MAX_LENGTH)) {
    throw new ShapeError(`tensor: ${length} elements of ${dtype} are more than one tensor can hold (${MAX_LENGTH})`);
  }
  return CONSTRUCTORS[dtype];
}

/**
 * Copies `values` into host data of `dtype`: floats are truncated towards zero on their way to int32, and everything
 * but zero is a true bool.
 * @example
 * console.log(convertValues([1.7, -1.7], 'int32')); // Int32Array(2) [1, -1]
 */
export function convertValues<D extends DType>(values: ArrayLike<number | boolean>, dtype: D): DTypeArrays[D];
export function convertValues(values: ArrayLike<number | boolean>, dtype: DType): TypedArray {
  const { length } = values;
  // Engines convert whole arrays of any type; a loop that has seen several takes a hundred times as long.
  if (dtype !== 'bool') return new (constructorFor(dtype, length))(values as ArrayLike<number>);
  const out = allocate(dtype, length);
  const numbers = new Float64Array(values as ArrayLike<number>);
  for (let i = 0; i < length; i++) out[i] = numbers[i] !== 0 ? 1 : 0;
  return out;
}

/** Throws a `DTypeError` unless `dtype` is one of the four. */
export function checkDType(op: string, dtype: DType): void {
  if (!ORDER.includes(dtype)) {
    throw new DTypeError(`${op}: unknown dtype '${String(dtype)}'; use one of ${ORDER.join(', ')}`);
  }
}
