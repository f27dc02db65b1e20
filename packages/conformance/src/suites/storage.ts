import { allocate, type Backend, convertValues, type DType, type Spec, type TypedArray } from '@wengert/core';
import { require } from '../errors.ts';
import { randomFrom } from '../random.ts';
import { withTrial } from '../trial.ts';
import { checkBalance } from './memory.ts';
import type { Case } from './suite.ts';

/** The values whose bits are easily lost on the way to a device and back. */
const EDGES: Readonly<Record<DType, readonly number[]>> = {
  float32: [0, -0, NaN, Infinity, -Infinity, 2 ** -126, 1 + 2 ** -23, 2 ** 24 + 2, 2 ** 128 - 2 ** 104],
  float64: [0, -0, NaN, Infinity, -Infinity, 2 ** -1022, 1 + 2 ** -52, 2 ** 53 + 2, Number.MAX_VALUE],
  int32: [0, 1, -1, 2 ** 24 + 1, -(2 ** 24) - 1, 2 ** 31 - 1, -(2 ** 31)],
  bool: [0, 1, 1, 0],
};

const LARGE = 100_003;

/** Values go in and come out as they are, of every dtype and size, as copies, and leave nothing behind. */
export function storageCases(subject: () => Promise<{ readonly backend: Backend }>): Case[] {
  const on = (name: string, f: (backend: Backend, dtype: DType) => Promise<void>): Case => ({
    name: `storage: ${name}`,
    async run() {
      const { backend } = await subject();
      for (const dtype of backend.dtypes) {
        await checkBalance(backend, `storage of ${dtype}`, () => f(backend, dtype));
      }
    },
  });
  return [
    on('extreme values', (backend, dtype) =>
      roundTrip(backend, convertValues(EDGES[dtype], dtype), [EDGES[dtype].length]),
    ),
    on('a scalar', (backend, dtype) => roundTrip(backend, convertValues([1], dtype), [])),
    on('nothing', (backend, dtype) => roundTrip(backend, allocate(dtype, 0), [2, 0, 3])),
    on('much', (backend, dtype) => roundTrip(backend, numbers(dtype, LARGE), [LARGE])),
    on('odd shapes', async (backend, dtype) => {
      for (const n of [1, 2, 3, 5, 7, 1025]) await roundTrip(backend, numbers(dtype, 3 * n), [3, n]);
    }),
    on('reads are copies', readsAreCopies),
    on('tensors are copies', tensorsAreCopies),
    {
      name: 'storage: a promise of values',
      async run() {
        const { backend } = await subject();
        if (backend.readSync !== undefined) return;
        const spec: Spec = { shape: [3], dtype: [...backend.dtypes][0] };
        const data = convertValues([1, 0, 1], spec.dtype);
        const storage = backend.write(Promise.resolve(data.slice()), spec);
        same('a pending write', await backend.read({ ...spec, storage }), data);
        backend.free(storage);
      },
    },
  ];
}

function numbers(dtype: DType, length: number): TypedArray {
  const random = randomFrom('storage');
  return convertValues(
    Array.from({ length }, () => (random() < 0.5 ? 0 : (random() - 0.5) * 2 ** 32)),
    dtype,
  );
}

function same(what: string, got: TypedArray, want: TypedArray): void {
  require(got.constructor === want.constructor, () => `${what}: is read as ${got.constructor.name}`);
  require(got.length === want.length, () => `${what}: ${got.length} elements are read instead of ${want.length}`);
  const at = want.findIndex((x: number, i: number) => !Object.is(x, got[i]));
  require(at < 0, () => `${what}: element ${at} is ${got[at]} instead of ${want[at]}`);
}

async function roundTrip(backend: Backend, data: TypedArray, shape: readonly number[]): Promise<void> {
  const spec: Spec = { shape, dtype: dtypeOf(data) };
  const what = `${spec.dtype}[${shape}] on '${backend.name}'`;
  const storage = backend.write(data.slice(), spec);
  const block = { ...spec, storage };
  same(what, await backend.read(block), data);
  if (backend.readSync) same(`${what}, readSync`, backend.readSync(block), data);
  backend.borrowSync?.(block, (view) => same(`${what}, borrowSync`, view, data));
  backend.free(storage);
}

function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  return data instanceof Int32Array ? 'int32' : 'bool';
}

async function readsAreCopies(backend: Backend, dtype: DType): Promise<void> {
  const spec: Spec = { shape: [4], dtype };
  const data = convertValues([1, 0, 1, 1], dtype);
  const storage = backend.write(data.slice(), spec);
  (await backend.read({ ...spec, storage })).fill(0);
  same(`${dtype} after its first copy was overwritten`, await backend.read({ ...spec, storage }), data);
  backend.free(storage);
}

async function tensorsAreCopies(backend: Backend, dtype: DType): Promise<void> {
  await withTrial(backend, dtype, 'storage', async ({ generator, run }) => {
    if (dtype === 'bool') return; // bytes on the host are read as int32
    const given = convertValues([1, 0, 1], dtype);
    const x = run(() => generator.exactly(given));
    given.fill(0);
    same(
      `${dtype} after the array that it was made from was overwritten`,
      await x.data(),
      convertValues([1, 0, 1], dtype),
    );
  });
}
