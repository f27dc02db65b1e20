import {
  type Backend,
  currentBackend,
  type DType,
  type DTypeArrays,
  promoteTypes,
  type Tensor,
  type TensorContainer,
} from '@wengert/core';

// Names that tfjs has and Wengert needs only for the programs that use them.

/** tfjs's list of what a container may hold. */
export type TensorContainerArray = TensorContainer[];
/** tfjs's object of what a container may hold. */
export interface TensorContainerObject {
  [name: string]: TensorContainer;
}
/** The values of a tensor on the host: there are no strings. */
export type DataValues = DTypeArrays[DType];
/** The dtype of a JavaScript value. */
export type DataTypeFor<T extends number | boolean> = T extends boolean ? 'bool' : DType;
/** What is known of a tensor without its values. */
export type TensorInfo = Pick<Tensor, 'shape' | 'dtype'>;

/**
 * The selected backend, by tfjs's name.
 * @example
 * console.log(backend().name); // cpu
 */
export function backend(): Backend {
  return currentBackend();
}

/**
 * The dtype that holds values of both, by tfjs's name.
 * @example
 * console.log(upcastType('int32', 'float32')); // float32
 */
export function upcastType(typeA: DType, typeB: DType): DType {
  return promoteTypes(typeA, typeB);
}

/**
 * The dtype of a sum: bools are counted.
 * @example
 * console.log(sumOutType('bool')); // int32
 */
export function sumOutType(type: DType): DType {
  return promoteTypes(type, 'int32');
}

/**
 * Does nothing; it is here so that programs which call it run.
 * @example
 * enableProdMode();
 */
export function enableProdMode(): void {}

/**
 * Does nothing: nothing here is deprecated.
 * @example
 * disableDeprecationWarnings();
 */
export function disableDeprecationWarnings(): void {}
