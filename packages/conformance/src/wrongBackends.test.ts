import { createReferenceBackend } from '@wengert/backend-reference';
import {
  absOp,
  type Backend,
  cos,
  type Kernel,
  lessEqual,
  mul,
  pointwise,
  registerGradient,
  registerKernel,
  registerOp,
  type Spec,
  tanh,
  where,
} from '@wengert/core';
import { sinSamples } from '@wengert/core/samples';
import { describe, expect, test } from 'vitest';
import { conformanceCases } from './conformanceCases.ts';
import { failures } from './failures.ts';
import { mathematicsCases } from './mathematicsCases.ts';
import type { ConformanceOptions } from './suites/suite.ts';

/** The reference with one kernel replaced, narrowed to float32 so that it has something to round. */
function spoilt(op: string, spoil: (kernel: Kernel, backend: Backend) => Kernel): () => Backend {
  return () => {
    const backend = createReferenceBackend();
    const kernel = backend.kernels.get(op);
    if (kernel === undefined) throw new Error(`the reference has no kernel '${op}'`);
    return {
      ...backend,
      dtypes: new Set(['float32', 'int32', 'bool']),
      kernels: new Map([...backend.kernels, [op, spoil(kernel, backend)]]),
    };
  };
}

/** The kernel with its results changed on the host. */
const changed =
  (change: (x: number, i: number) => number): ((kernel: Kernel, backend: Backend) => Kernel) =>
  (kernel, backend) =>
  (inputs, attrs, outputs) => {
    const storages = kernel(inputs, attrs, outputs) ?? [];
    return storages.map((storage, k) => {
      const data = backend.readSync?.({ ...outputs[k], storage }) ?? new Float32Array();
      backend.free(storage);
      return backend.write(data.map(change), outputs[k]);
    });
  };

function failuresOf(factory: () => Backend, ...ops: string[]): Promise<string[]> {
  return failuresWith(factory, {}, ...ops);
}

function failuresWith(factory: () => Backend, options: ConformanceOptions, ...ops: string[]): Promise<string[]> {
  return failures(conformanceCases('spoilt', factory, { ...options, ops: (name) => ops.includes(name) }));
}

describe('a backend', () => {
  test('that is right passes', async () => {
    expect(
      await failuresOf(
        spoilt('exp', (kernel) => kernel),
        'exp',
        'erf',
      ),
    ).toEqual([]);
  });

  test('with a wrong kernel fails in the cases of that op', async () => {
    const wrong = spoilt('asin', (_, backend) => backend.kernels.get('atan') as Kernel);
    expect(await failuresOf(wrong, 'asin', 'acos')).toEqual(['values: asin', 'edges: asin', 'generated: asin']);
  });

  test('with a kernel that is wrong in the fifth digit fails', async () => {
    const inexact = spoilt(
      'erf',
      changed((y) => y * (1 + 1e-5)),
    );
    expect(await failuresOf(inexact, 'erf', 'exp')).toEqual(['values: erf', 'edges: erf', 'generated: erf']);
  });

  test('with a kernel that is wrong in NaN only fails at the edges', async () => {
    const blind = spoilt(
      'sigmoid',
      changed((y) => (Number.isNaN(y) ? 0 : y)),
    );
    expect(await failuresOf(blind, 'sigmoid', 'exp')).toEqual(['edges: sigmoid']);
  });

  test('with a kernel that is wrong for some attributes only fails in generated calls', async () => {
    const partial = spoilt('cumsum', (kernel) => (inputs, attrs, outputs) => {
      const given = attrs as { axis: number; exclusive: boolean; reverse: boolean };
      const wrong = given.axis === 0 && given.exclusive && given.reverse;
      return kernel(inputs, wrong ? { ...given, reverse: false } : given, outputs);
    });
    expect(await failuresOf(partial, 'cumsum', 'exp')).toEqual(['generated: cumsum']);
  });

  test('with a kernel that is wrong beyond a thousand elements only fails on large shapes', async () => {
    const short = spoilt(
      'atan',
      changed((y, i) => (i < 1000 ? y : 0)),
    );
    expect(await failuresOf(short, 'atan', 'exp')).toEqual(['generated: atan']);
  });

  test('with a kernel that leaks fails in memory', async () => {
    const spec: Spec = { shape: [1], dtype: 'float32' };
    const leaking = spoilt('asinh', (kernel, backend) => (inputs, attrs, outputs) => {
      backend.write(new Float32Array(1), spec);
      return kernel(inputs, attrs, outputs);
    });
    expect(await failuresOf(leaking, 'asinh', 'exp')).toEqual(['memory: asinh']);
  });

  test('with a kernel that changes its input fails in the values', async () => {
    const greedy = spoilt('sort', (kernel, backend) => (inputs, attrs, outputs) => {
      const storages = kernel(inputs, attrs, outputs);
      backend.borrowSync?.(inputs[0], (view) => view.fill(0));
      return storages;
    });
    expect(await failuresOf(greedy, 'sort', 'exp')).toContain('values: sort');
  });

  test('with a kernel that gives another result each time fails in the values', async () => {
    let calls = 0;
    const restless = spoilt(
      'cosh',
      changed((y) => y * (1 + 2 ** -23 * (calls++ % 2))),
    );
    expect(await failuresOf(restless, 'cosh', 'exp')).toContain('values: cosh');
  });

  test('that loses what is written to it fails in storage', async () => {
    const clipping = (): Backend => {
      const backend = createReferenceBackend();
      return {
        ...backend,
        write: (data, spec) =>
          backend.write(
            (data as Float64Array).map((x) => (x === Infinity ? 1e308 : x)),
            spec,
          ),
      };
    };
    expect(await failuresOf(clipping, 'exp')).toContain('storage: extreme values');
  });

  test('that promises a route it does not take fails in that route', async () => {
    const promise: ConformanceOptions = {
      expect: { exp: 'kernel', erf: 'fallback', relu: 'kernel', softplus: 'composed' },
    };
    const failed = await failuresWith(createReferenceBackend, promise, 'exp', 'erf', 'relu', 'softplus');
    expect(failed).toEqual(['route: erf by fallback', 'route: relu by kernel']);
  });

  test('that promises a route for an op that no sample reaches fails in that route', async () => {
    expect(await failuresWith(createReferenceBackend, { expect: { eigh: 'kernel' } }, 'exp')).toEqual([
      'route: eigh by kernel',
    ]);
  });

  test('may skip what does not work, and must not skip what does', async () => {
    const wrong = spoilt('asin', (_, backend) => backend.kernels.get('atan') as Kernel);
    const skip = { asin: 'is an atan', acos: 'was believed to be broken' };
    expect(await failuresWith(wrong, { skip }, 'asin', 'acos')).toEqual(['skip: acos (was believed to be broken)']);
    expect(await failuresWith(createReferenceBackend, { skip: { nothing: 'misspelt' } }, 'exp')).toEqual(['skips']);
  });

  test('is told the routes', async () => {
    const seen = new Map<string, readonly string[]>();
    const report: ConformanceOptions['report'] = (routes) => {
      for (const [op, taken] of routes) seen.set(op, [...taken]);
    };
    expect(await failuresWith(createReferenceBackend, { report }, 'exp', 'softplus')).toEqual([]);
    expect(seen.get('exp')).toEqual(['kernel']);
    expect(seen.get('softplus')).toEqual(['composed']);
  });
});

describe('a rule', () => {
  const names = ['tanh', 'relu', 'exp'];
  const chosen = { order: 1, ops: (name: string): boolean => names.includes(name) } as const;

  test('that is wrong fails the derivatives of its op', async () => {
    const undo = registerGradient(tanh.op, { vjp: ([g]) => [g] });
    try {
      expect(await failures(mathematicsCases(chosen))).toEqual(['derivatives: tanh', 'generated derivatives: tanh']);
    } finally {
      undo();
    }
    expect(await failures(mathematicsCases(chosen))).toEqual([]);
  });

  test('that takes another side of a kink fails there only', async () => {
    const undo = registerGradient(absOp.op, { vjp: ([g], [x]) => [g && mul(g, where(lessEqual(0, x), 1, -1))] });
    try {
      expect(await failuresOf(createReferenceBackend, 'abs', 'relu')).toEqual(['kinks: abs']);
    } finally {
      undo();
    }
    expect(await failuresOf(createReferenceBackend, 'abs')).toEqual([]);
  });

  test('that reads what it does not save fails the derivatives of its op', async () => {
    const sine = (saves: readonly number[]) => pointwise('sine', { saves, partials: [(x) => cos(x)] });
    const kernel = createReferenceBackend().kernels.get('sin') as Kernel;
    for (const [f, expected] of [
      [sine([0]), []],
      [sine([]), ['derivatives: sine', 'generated derivatives: sine', 'affine: sine']],
    ] as const) {
      const undo = [registerOp({ name: 'sine', f, samples: sinSamples }), registerKernel('reference', f.op, kernel)];
      try {
        expect(await failures(mathematicsCases({ order: 1, ops: (name) => name === 'sine' }))).toEqual(expected);
      } finally {
        for (const revert of undo) revert();
      }
    }
  });
});
