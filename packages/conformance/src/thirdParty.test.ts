import { createCpuBackend } from '@wengert/backend-cpu';
import { createReferenceBackend } from '@wengert/backend-reference';
import {
  type Backend,
  type Block,
  convertValues,
  findBackend,
  type Kernel,
  mul,
  NO_ATTRS,
  type NoAttrs,
  type OpFunction,
  primitive,
  registerGradient,
  registerKernel,
  registerOp,
  type Storage,
  type Tensor,
  type TensorLike,
  type TypedArray,
  toTensor,
} from '@wengert/core';
import type { Samples } from '@wengert/core/samples';
import { afterAll, describe, expect, test } from 'vitest';
import { checkGradients } from './checkGradients.ts';
import { conformanceCases } from './conformanceCases.ts';
import { failures } from './failures.ts';
import { GradientCheckError } from './gradientCheckError.ts';
import { mathematicsCases } from './mathematicsCases.ts';
import { describeBackend } from './vitest.ts';

/** A stranger's backend: it stores float32 and computes nothing by itself. */
function createMinimalBackend(): Backend {
  const live = new Set<Storage>();
  const dataOf = ({ storage }: Block): TypedArray => (storage as { data: TypedArray }).data;
  return {
    name: 'minimal',
    dtypes: new Set(['float32', 'int32', 'bool']),
    kernels: new Map(),
    fallback: createReferenceBackend(),
    write(data) {
      if (data instanceof Promise) throw new TypeError('takes no promises');
      const storage = { data };
      live.add(storage);
      return storage;
    },
    read: async (block) => dataOf(block).slice(),
    readSync: (block) => dataOf(block).slice(),
    free: (storage) => {
      live.delete(storage);
    },
    memory: () => ({ blocks: live.size, bytes: 0 }),
  };
}

/** One that can only be waited for: what is written to it may itself be on its way. */
function createAsynchronousBackend(): Backend {
  const live = new Set<Storage>();
  return {
    name: 'asynchronous',
    dtypes: new Set(['float32', 'int32', 'bool']),
    kernels: new Map(),
    fallback: createReferenceBackend(),
    write(data) {
      const storage = { data: Promise.resolve(data) };
      storage.data.catch(() => undefined);
      live.add(storage);
      return storage;
    },
    read: async ({ storage }) => (await (storage as { data: Promise<TypedArray> }).data).slice(),
    free: (storage) => {
      live.delete(storage);
    },
    memory: () => ({ blocks: live.size, bytes: 0 }),
  };
}

/** What the reference computes was compared with itself before: a few calls show that it is reached. */
const generated = { runs: 2 };
describeBackend('minimal', createMinimalBackend, {
  generated,
  expect: { add: 'fallback', matMul: 'fallback', softplus: 'composed' },
});
describeBackend('asynchronous', createAsynchronousBackend, {
  generated,
  expect: { add: 'fallback', softplus: 'composed' },
});

describe('a backend with one kernel of its own', () => {
  const some = (name: string): boolean => ['exp', 'softplus', 'sub'].includes(name);
  let calls = 0;
  const create = (factor: number) => (): Backend => {
    const backend = createMinimalBackend();
    const exp: Backend['kernels'] = new Map([
      [
        'exp',
        ([x], _attrs, [out]) => {
          calls++;
          const data = backend.readSync?.(x) ?? new Float32Array();
          return [
            backend.write(
              Float32Array.from(data, (v) => factor * Math.exp(v)),
              out,
            ),
          ];
        },
      ],
    ]);
    return { ...backend, kernels: exp };
  };

  test('passes, and is seen to use it', async () => {
    expect(
      await failures(conformanceCases('minimal', create(1), { ops: some, expect: { exp: 'kernel', sub: 'fallback' } })),
    ).toEqual([]);
    expect(calls).toBeGreaterThan(0);
    expect(await failures(conformanceCases('minimal', create(1), { ops: some, expect: { exp: 'fallback' } }))).toEqual([
      'route: exp by fallback',
    ]);
  });

  test('fails in all that the kernel serves where it is wrong', async () => {
    const failed = await failures(conformanceCases('minimal', create(1.001), { ops: some }));
    expect(failed).toContain('values: exp');
    expect(failed).toContain('values: softplus');
    expect(failed).not.toContain('values: sub');
  });
});

describe('an op from another package', () => {
  const cubeOp: OpFunction<readonly [x: Tensor], NoAttrs, Tensor> = primitive('cube', {
    infer: ([x]) => x,
    saves: [0],
    vjp: (g, [x]) => mul(g, mul(3, mul(x, x))),
  });
  const cube = (x: TensorLike): Tensor => cubeOp([toTensor('cube', x)], NO_ATTRS);
  const cubeSamples: Samples<typeof cube> = ({ uniform }) => [[uniform([2, 3])], [uniform([0])], [uniform([])]];

  const kernelOn =
    (name: string): Kernel<NoAttrs> =>
    ([x], _attrs, [out]) => {
      const backend = findBackend(name);
      const values = Array.from(backend?.readSync?.(x) ?? [], (v) => v ** 3);
      return backend ? [backend.write(convertValues(values, out.dtype), out)] : null;
    };
  const undo = [
    registerOp({ name: 'cube', f: cube, samples: cubeSamples }),
    registerKernel('reference', cubeOp.op, kernelOn('reference')),
    registerKernel('cpu', cubeOp.op, kernelOn('cpu')),
  ];
  afterAll(() => {
    for (const revert of undo) revert();
  });
  const only = (name: string): boolean => name === 'cube';

  test('takes part in conformance', async () => {
    const cases = [
      ...conformanceCases('cpu', () => findBackend('cpu') ?? createCpuBackend(), {
        ops: only,
        expect: { cube: 'kernel' },
      }),
    ];
    const names = cases.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['values', 'edges', 'generated', 'gradients', 'memory'].map((suite) => `${suite}: cube`)),
    );
    expect(await failures(cases)).toEqual([]);
  });

  test('takes part in the mathematics', async () => {
    const cases = [...mathematicsCases({ ops: only })];
    expect(cases.map(({ name }) => name)).toContain('derivatives: cube');
    expect(await failures(cases)).toEqual([]);
  });

  test('is caught where its rule is wrong', async () => {
    const wrong = registerGradient(cubeOp.op, { vjp: ([g], [x]) => [g && mul(g, mul(x, x))] });
    try {
      expect(await failures(mathematicsCases({ ops: only }))).toEqual([
        'derivatives: cube',
        'generated derivatives: cube',
      ]);
      expect(() => checkGradients(cube, [[1, 2]])).toThrow(GradientCheckError);
    } finally {
      wrong();
    }
    checkGradients(cube, [[1, 2]], { order: 3 });
  });
});
