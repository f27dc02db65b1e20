import { broadcastShapes, type Shape, sizeOf } from '@wengert/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bench, type Handle } from './testing.ts';

const VALUES = [1, -2, 3, -4, 5, -6];

function chain(bench: Bench, x: Handle, length: number): Handle[] {
  const all = [x];
  for (let i = 0; i < length; i++) all.push(bench.op(i % 2 === 0 ? 'neg' : 'relu', [all[i]], x.shape));
  return all;
}

describe('a chain of pointwise ops', () => {
  it('is one launch, which stores only its end', () => {
    const bench = new Bench();
    const all = chain(bench, bench.leaf([6], VALUES), 10);
    expect(bench.target.plans).toEqual([]);
    expect(bench.read(all[10])).toEqual(all[10].expected);
    expect(bench.target.plans).toMatchObject([
      { outputs: { length: 1 }, steps: { length: 10 }, inputs: { length: 1 } },
    ]);
    expect(bench.read(all[10])).toEqual(all[10].expected);
    expect(bench.target.plans.length).toBe(1);
  });

  it('stores what is kept in the same launch, however many handles are forgotten', () => {
    const bench = new Bench();
    const all = chain(bench, bench.leaf([6], VALUES), 10);
    for (const i of [3, 5]) bench.graph.keep(all[i].storage);
    bench.read(all[10]);
    expect(bench.target.plans.map(({ outputs }) => outputs.length)).toEqual([3]);
    for (const i of [3, 5]) expect(bench.read(all[i])).toEqual(all[i].expected);
    expect(bench.target.plans.length).toBe(1);
  });

  it('does not store what is kept but freed', () => {
    const bench = new Bench();
    const all = chain(bench, bench.leaf([6], VALUES), 4);
    bench.graph.keep(all[2].storage);
    bench.graph.free(all[2].storage);
    expect(bench.read(all[4])).toEqual(all[4].expected);
    expect(bench.target.plans.map(({ outputs }) => outputs.length)).toEqual([1]);
  });

  it('computes a forgotten intermediate again, and stores it the second time', () => {
    const bench = new Bench();
    const [, a] = chain(bench, bench.leaf([6], VALUES), 1);
    const ends = ['abs', 'floor', 'ceil'].map((op) => bench.op(op as 'abs', [a], [6]));
    for (const end of ends) expect(bench.read(end)).toEqual(end.expected);
    const [first, second, third] = bench.target.plans;
    expect([first, second, third].map(({ steps, outputs }) => [steps.length, outputs.length])).toEqual([
      [2, 1],
      [2, 2],
      [1, 1],
    ]);
  });

  it('is cut at the limit', () => {
    const bench = new Bench({ ops: 8 });
    const all = chain(bench, bench.leaf([6], VALUES), 20);
    expect(bench.read(all[20])).toEqual(all[20].expected);
    expect(bench.target.plans.map(({ steps }) => steps.length)).toEqual([8, 8, 4]);
  });

  it('counts what is shared once, also where a naive count doubles with every op', () => {
    const bench = new Bench();
    let x = bench.leaf([6], VALUES);
    for (let i = 0; i < 20; i++) x = bench.op('maximum', [x, x], [6]);
    expect(bench.read(x)).toEqual(x.expected);
    expect(bench.target.plans.map(({ steps }) => steps.length)).toEqual([20]);
  });

  it('takes no more inputs than a launch does', () => {
    const bench = new Bench({ inputs: 4 });
    let sum = bench.leaf([2], [0, 0]);
    for (let i = 0; i < 10; i++) sum = bench.op('add', [sum, bench.leaf([2], [i, 1])], [2]);
    expect(bench.read(sum)).toEqual(sum.expected);
    expect(bench.target.plans.map(({ inputs }) => inputs.length)).toEqual([4, 4, 4, 2]);
  });

  it('takes scalars of the host as numbers, which are no part of its structure', () => {
    const bench = new Bench();
    const x = bench.leaf([6], VALUES);
    for (const factor of [2, 3]) {
      const y = bench.op('mul', [x, bench.scalar(factor)], [6]);
      expect(bench.read(y)).toEqual(y.expected);
    }
    const [first, second] = bench.target.plans;
    expect(first.structure).toBe(second.structure);
    expect(first.inputs.length).toBe(1);
    expect(bench.target.alive.size).toBe(3);
  });

  it('has a structure that tells one wiring from another', () => {
    const structures = new Set<string>();
    const bench = new Bench();
    const [x, y] = [bench.leaf([2], [1, 2]), bench.leaf([2], [3, 4])];
    for (const inputs of [
      [x, y],
      [x, x],
      [bench.scalar(1), y],
      [y, bench.scalar(1)],
    ]) {
      bench.read(bench.op('sub', inputs, [2]));
      structures.add(bench.target.plans.at(-1)?.structure ?? '');
    }
    expect(structures.size).toBe(4);
  });
});

describe('broadcasting', () => {
  it('goes through intermediates of other sizes', () => {
    const bench = new Bench();
    const bias = bench.op('neg', [bench.leaf([3], [1, 2, 3])], [3]);
    const sum = bench.op('add', [bench.leaf([2, 3], VALUES), bias], [2, 3]);
    expect(bench.read(sum)).toEqual(sum.expected);
    expect(bench.target.plans.length).toBe(1);
  });

  it('cuts before what is kept in another size', () => {
    const bench = new Bench();
    const bias = bench.op('neg', [bench.leaf([3], [1, 2, 3])], [3]);
    bench.graph.keep(bias.storage);
    const sum = bench.op('add', [bench.leaf([2, 3], VALUES), bias], [2, 3]);
    expect(bench.read(sum)).toEqual(sum.expected);
    expect(bench.target.plans.map(({ size }) => size)).toEqual([3, 6]);
  });

  it('cuts where lengths do not divide each other', () => {
    const bench = new Bench();
    const x = bench.op('add', [bench.leaf([2, 1], [1, 2]), bench.leaf([6], VALUES)], [2, 6]);
    const reshaped = { ...x, shape: [3, 1, 4] };
    const y = bench.op(
      'sub',
      [
        reshaped,
        bench.leaf(
          [5, 4],
          Array.from({ length: 20 }, (_, i) => i),
        ),
      ],
      [3, 5, 4],
    );
    expect(bench.read(y)).toEqual(y.expected);
    expect(bench.target.plans.map(({ size }) => size)).toEqual([12, 60]);
  });
});

describe('storages', () => {
  it('that core freed are held while pending nodes need them, and no longer', () => {
    const bench = new Bench();
    const x = bench.leaf([6], VALUES);
    const y = bench.op('neg', [x], [6]);
    expect(bench.graph.isAwaited(x.storage)).toBe(true);
    bench.graph.free(x.storage);
    expect(bench.target.alive.size).toBe(1);
    expect(bench.read(y)).toEqual(y.expected);
    expect(bench.target.alive.size).toBe(1);
    bench.graph.free(y.storage);
    bench.graph.free(y.storage);
    expect(bench.target.alive.size).toBe(0);
  });

  it('of results that nobody read are given up with them', () => {
    const bench = new Bench();
    const all = chain(bench, bench.leaf([6], VALUES), 5);
    for (const { storage } of all) bench.graph.free(storage);
    bench.graph.flush();
    expect(bench.target.alive.size).toBe(0);
    expect(bench.target.plans).toEqual([]);
  });

  it('are computed by flush, those that nobody waits for', () => {
    const bench = new Bench();
    const all = chain(bench, bench.leaf([6], VALUES), 5);
    bench.graph.flush();
    expect(bench.target.plans.length).toBe(1);
    expect(bench.read(all[5])).toEqual(all[5].expected);
    bench.graph.flush();
    expect(bench.target.plans.length).toBe(1);
  });

  it('do not pile up behind results that nobody asks for', () => {
    const bench = new Bench({ waiting: 8 });
    for (let i = 0; i < 100; i++) {
      const x = bench.leaf([6], VALUES);
      bench.op('neg', [x], [6]);
      bench.graph.free(x.storage);
      // A result for each op, and the inputs of those that wait.
      expect(bench.target.alive.size).toBeLessThanOrEqual(i + 1);
    }
    expect(bench.target.plans.length).toBe(92);
  });

  it('of small tensors are computed at once where the backend says so', () => {
    const bench = new Bench({ smallest: 6 });
    bench.op('neg', [bench.leaf([5], VALUES.slice(1))], [5]);
    expect(bench.target.plans.length).toBe(1);
    bench.op('neg', [bench.leaf([6], VALUES)], [6]);
    expect(bench.target.plans.length).toBe(1);
  });
});

describe('failures', () => {
  it('come where the values are read, and leave everything as it was', () => {
    const bench = new Bench({ waiting: 1 });
    const x = bench.leaf([6], VALUES);
    bench.target.failing = true;
    const y = bench.op('neg', [x], [6]);
    const z = bench.op('abs', [y], [6]);
    bench.op('abs', [x], [6]);
    expect(() => bench.read(z)).toThrow('the target fails');
    bench.target.failing = false;
    expect(bench.read(z)).toEqual(z.expected);
  });
});

describe('kernels', () => {
  const OPS = ['neg', 'abs', 'floor', 'ceil', 'relu'] as const;

  function run(bench: Bench, number: number): void {
    let x = bench.leaf([2], [1, 2]);
    for (let rest = number + 5; rest > 0; rest = Math.floor(rest / 5)) x = bench.op(OPS[rest % 5], [x], [2]);
    expect(bench.read(x)).toEqual(x.expected);
  }

  it('are bounded for ever new structures, which run op by op', () => {
    const bench = new Bench({ kernels: 10 });
    for (let i = 0; i < 200; i++) run(bench, i);
    const fused = new Set(bench.target.plans.filter(({ steps }) => steps.length > 1).map(({ structure }) => structure));
    expect(fused.size).toBe(10);
    expect(bench.target.evicted).toEqual([]);
  });

  it('go to what is asked for again and again, in the place of the least recently used', () => {
    const bench = new Bench({ kernels: 2, sightings: 3 });
    run(bench, 0);
    const [{ structure: first }] = bench.target.plans;
    run(bench, 1);
    run(bench, 0);
    const before = bench.target.plans.length;
    for (let i = 0; i < 3; i++) run(bench, 2);
    expect(bench.target.plans.length).toBe(before + 5);
    expect(bench.target.evicted.length).toBe(1);
    expect(bench.target.evicted).not.toContain(first);
  });
});

const SHAPES: readonly Shape[] = [[], [1], [4], [3, 1], [3, 4], [2, 3, 4], [2, 1, 4], [12], [2, 1, 1], [24]];
const UNARY = ['neg', 'abs', 'relu', 'sign', 'floor', 'broadcastTo'] as const;
const BINARY = ['add', 'sub', 'maximum', 'minimum', 'mul'] as const;

type Command =
  | { kind: 'leaf'; shape: number; seed: number }
  | { kind: 'scalar'; seed: number }
  | { kind: 'unary' | 'binary' | 'where'; op: number; at: [number, number, number] }
  | { kind: 'reshape' | 'free' | 'keep' | 'read'; at: [number, number, number] }
  | { kind: 'flush' };

const at = fc.tuple(fc.nat(), fc.nat(), fc.nat());
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leaf' as const), shape: fc.nat(), seed: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('scalar' as const), seed: fc.integer({ min: -3, max: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('unary' as const), op: fc.nat(), at }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('binary' as const), op: fc.nat(), at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('where' as const), op: fc.nat(), at }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('reshape' as const, 'keep' as const, 'read' as const), at }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('free' as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
);

function run(bench: Bench, live: Handle[], step: Command): void {
  const pick = (k: number): Handle => live[k % live.length];
  if (step.kind === 'leaf') {
    const shape = SHAPES[step.shape % SHAPES.length];
    live.push(
      bench.leaf(
        shape,
        Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 7 + step.seed) % 11) - 5),
      ),
    );
  } else if (step.kind === 'scalar') live.push(bench.scalar(step.seed));
  else if (step.kind === 'flush') bench.graph.flush();
  else if (live.length === 0) return;
  else if (step.kind === 'unary' || step.kind === 'binary' || step.kind === 'where') {
    const inputs = step.at.slice(0, { unary: 1, binary: 2, where: 3 }[step.kind]).map(pick);
    let shape: Shape = [];
    try {
      for (const input of inputs) shape = broadcastShapes('test', shape, input.shape);
    } catch {
      return;
    }
    if (step.kind === 'where') {
      const condition = bench.op(
        'less',
        [inputs[0], inputs[1]],
        broadcastShapes('test', inputs[0].shape, inputs[1].shape),
        'bool',
      );
      live.push(bench.op('where', [condition, inputs[1], inputs[2]], shape));
      bench.graph.free(condition.storage);
    } else {
      const ops = step.kind === 'unary' ? UNARY : BINARY;
      live.push(bench.op(ops[step.op % ops.length], inputs, shape));
    }
  } else if (step.kind === 'free') bench.graph.free(live.splice(step.at[0] % live.length, 1)[0].storage);
  else if (step.kind === 'keep') bench.graph.keep(pick(step.at[0]).storage);
  else if (step.kind === 'read') expectValues(bench, pick(step.at[0]));
  else {
    // Core shares the storage: the old handle is given up for the new one.
    const index = step.at[0] % live.length;
    const size = sizeOf(live[index].shape);
    const shapes = SHAPES.filter((shape) => sizeOf(shape) === size);
    live[index] = { ...live[index], shape: shapes[step.at[1] % shapes.length] };
  }
}

function expectValues(bench: Bench, handle: Handle): void {
  // Sums of products grow: what overflows is infinite or NaN in both.
  expect(bench.read(handle)).toEqual(handle.expected);
}

describe('any program', () => {
  it('computes what its ops would one by one, within the limits, and leaves nothing behind', () => {
    const limits = fc.record({
      ops: fc.integer({ min: 1, max: 12 }),
      inputs: fc.integer({ min: 3, max: 6 }),
      outputs: fc.integer({ min: 1, max: 4 }),
      waiting: fc.integer({ min: 0, max: 6 }),
      kernels: fc.integer({ min: 1, max: 20 }),
      sightings: fc.integer({ min: 1, max: 4 }),
      smallest: fc.constantFrom(0, 0, 4),
    });
    fc.assert(
      fc.property(limits, fc.array(command, { minLength: 5, maxLength: 60 }), (bounds, program) => {
        const bench = new Bench(bounds);
        const live: Handle[] = [];
        for (const step of program) run(bench, live, step);
        for (const handle of live) expectValues(bench, handle);
        for (const { inputs, outputs, steps } of bench.target.plans) {
          expect(inputs.length).toBeLessThanOrEqual(bounds.inputs);
          expect(outputs.length).toBeLessThanOrEqual(bounds.outputs);
          expect(outputs.at(-1)?.step).toBe(steps.length - 1);
        }
        for (const { storage } of live) bench.graph.free(storage);
        expect(bench.target.alive.size).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
