import {
  allocate,
  type Backend,
  type Block,
  type DType,
  type Shape,
  type Spec,
  sizeOf,
  type TypedArray,
} from '@wengert/core/functions';

/** Values that a kernel is given or expected to give. */
export interface Host extends Spec {
  readonly data: TypedArray;
}

export const FLOATS: readonly DType[] = ['float32', 'float64'];
export const NUMBERS: readonly DType[] = [...FLOATS, 'int32'];
export const ALL: readonly DType[] = [...NUMBERS, 'bool'];

const EPSILON: Record<DType, number> = { float32: 2 ** -23, float64: 2 ** -52, int32: 0, bool: 0 };

/** Makes values of a shape between two bounds, from -4 to 4 if none are given. */
export type Random = (shape: Shape, dtype: DType, from?: number, to?: number) => Host;

/** What a kernel is called with. */
export type Call = [op: string, inputs: readonly Host[], attrs: object, ...outputs: readonly Spec[]];

/** Calls by what they are about, for whatever set of kernels is tested. */
export type Calls = Readonly<Record<string, (random: Random, dtype: DType) => Iterable<Call>>>;

/** Makes random values from a seeded sequence. */
export function generator(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let x = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
  };
  return (shape, dtype, from = -4, to = 4) => {
    const data = allocate(dtype, sizeOf(shape));
    for (let i = 0; i < data.length; i++) data[i] = dtype === 'bool' ? Math.round(next()) : from + (to - from) * next();
    return { shape, dtype, data };
  };
}

/** Runs a kernel on fresh memory and reads its outputs. Throws where there is no kernel or an input was changed. */
export function run(
  backend: Backend,
  op: string,
  inputs: readonly Host[],
  attrs: object,
  outputs: readonly Spec[],
): TypedArray[] {
  const read = (block: Block): TypedArray => backend.readSync?.(block) ?? allocate('bool', 0);
  const blocks = inputs.map(({ shape, dtype, data }): Block => {
    return { shape, dtype, storage: backend.write(data.slice(), { shape, dtype }) };
  });
  const specs = outputs.map(({ shape, dtype }) => ({ shape, dtype, scoped: false }));
  const results = backend.kernels.get(op)?.(blocks, attrs, specs);
  if (!results) throw new Error(`${backend.name} does not serve ${op} on ${describe(inputs)}`);
  for (const [i, block] of blocks.entries()) {
    const after = read(block);
    if (!inputs[i].data.every((x, k) => Object.is(x, after[k]))) throw new Error(`${op} changed input ${i}`);
  }
  return results.map((storage, i) => read({ ...outputs[i], storage }));
}

/**
 * Throws unless `actual` is `expected`, zeros' signs included, but for `ulps` roundings of each element, and `scaled`
 * roundings in double of the largest one: sums whose terms cancel lose so much, and every sum is kept in double.
 */
export function compare(label: string, actual: TypedArray, expected: Host, ulps: number, scaled: number): void {
  const { data, dtype } = expected;
  if (actual.length !== data.length || actual.constructor !== data.constructor) {
    throw new Error(`${label}: ${actual.constructor.name} of ${actual.length} instead of ${dtype} of ${data.length}`);
  }
  let largest = 0;
  for (const x of data) if (Number.isFinite(x)) largest = Math.max(largest, Math.abs(x));
  for (let i = 0; i < data.length; i++) {
    const [a, e] = [actual[i], data[i]];
    if (Object.is(a, e)) continue;
    const bound = EPSILON[dtype] * ulps * Math.abs(e) + EPSILON.float64 * scaled * largest;
    if (a === e ? scaled > 0 : Math.abs(a - e) <= bound) continue;
    throw new Error(`${label}, element ${i}: ${a} instead of ${e}`);
  }
}

/** Compares the kernels of two backends. */
export function agreement(backend: Backend, oracle: Backend, ulps: number, scaled: number) {
  return (...[op, inputs, attrs, ...outputs]: Call): void => {
    const expected = run(oracle, op, inputs, attrs, outputs);
    for (const [k, actual] of run(backend, op, inputs, attrs, outputs).entries()) {
      const label = `${op} of ${describe(inputs)} with ${JSON.stringify(attrs)}, output ${k}`;
      compare(label, actual, { ...outputs[k], data: expected[k] }, ulps, scaled);
    }
  };
}

function describe(inputs: readonly Host[]): string {
  return inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`).join(', ');
}
