import { createReferenceBackend } from '@wengert/backend-reference';
import {
  add,
  type Backend,
  cast,
  composite,
  type Dispatch,
  exp,
  GradientTape,
  grad,
  type Kernel,
  memory,
  mul,
  type Op,
  type OpFunction,
  observe,
  primitive,
  registerGradient,
  registerKernel,
  setBackend,
  softmax,
  sum,
  type Tensor,
  tensor,
  tidy,
  withGradient,
} from '@wengert/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execute } from './dispatch.ts';

const reference = createReferenceBackend();

/** The reference under another name, with chosen kernels and fallback. */
function variant(name: string, kernels: readonly string[], fallback?: Backend, sync = true): Backend {
  const { readSync } = reference;
  return {
    name,
    dtypes: reference.dtypes,
    kernels: new Map(kernels.map((op) => [op, reference.kernels.get(op) as Kernel])),
    write: (data, spec) => (data instanceof Promise ? { data } : reference.write(data, spec)),
    async read(block) {
      const { data } = block.storage as { data: Promise<never> };
      return data instanceof Promise ? await data : reference.read(block);
    },
    free() {},
    ...(sync && readSync ? { readSync: readSync.bind(reference) } : {}),
    ...(fallback ? { fallback } : {}),
  };
}

let seen: Dispatch[] = [];
let unobserve = (): void => {};
const routes = (): string[] => seen.map(({ op, backend, route }) => `${op}:${backend}:${route}`);

beforeEach(() => {
  seen = [];
  unobserve = observe((event) => seen.push(event));
});

afterEach(async () => {
  unobserve();
  await setBackend(reference);
});

describe('routing', () => {
  it('takes a kernel first', async () => {
    await setBackend(variant('a', ['add'], reference));
    add([1, 2], 3);
    expect(routes()).toEqual(['add:a:kernel']);
    expect(seen[0].outputs[0].shape).toEqual([2]);
  });

  it('composes before it falls back, and reports both', async () => {
    await setBackend(variant('b', ['exp', 'sub', 'div', 'sum'], reference));
    const y = softmax([1, 2]);
    expect(routes()[0]).toBe('softmax:b:composed');
    expect(routes()).toContain('max:b:fallback');
    expect(routes()).toContain('exp:b:kernel');
    expect((y.arraySync() as number[])[1]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
  });

  it('falls back on a device that is only read asynchronously, and keeps what the read needs', async () => {
    const before = memory();
    await setBackend(variant('c', [], reference, false));
    const y = tidy(() => mul(add([1, 2], 1), 2));
    expect(await y.array()).toEqual([4, 6]);
    expect(() => y.dataSync()).toThrow(/'c' can only be read asynchronously.*await x\.data\(\)/);
    y.dispose();
    expect(memory()).toEqual(before);
  });

  it('goes on where a kernel refuses with null', async () => {
    const undo = registerKernel('d', add.op, () => null);
    await setBackend(variant('d', [], reference));
    expect(add([1], 2).arraySync()).toEqual([3]);
    expect(routes()).toContain('add:d:fallback');
    undo();
  });

  it('prefers a registered kernel, also to one that has served', () => {
    expect(add([1], 2).arraySync()).toEqual([3]);
    const undo = registerKernel('reference', add.op, (_inputs, _attrs, [out]) => [
      reference.write(new Float64Array(out.shape[0]).fill(42), out),
    ]);
    expect(add([1], 2).arraySync()).toEqual([42]);
    undo();
    expect(add([1], 2).arraySync()).toEqual([3]);
  });

  it('ends with an error that names op, backend and inputs', async () => {
    await setBackend(variant('e', []));
    expect(() => add([1], 2)).toThrow(/add: backend 'e' has no kernel.*float64\[1\].*fallback/);
  });
});

describe('inputs', () => {
  it('must live on one backend', async () => {
    const x = tensor([1]);
    await setBackend(variant('f', ['add'], reference));
    const y = tensor([2]);
    expect(() => add(x, y)).toThrow(/add: .*'reference' and 'f'.*tensor\.to\(backend\)/);
    expect(add(x.to('reference'), 1).arraySync()).toEqual([2]);
    expect(() => x.to('nowhere')).toThrow(/nowhere/);
  });

  it('pass gradients when they move', async () => {
    const other = variant('g', ['mul', 'add', 'sum'], reference);
    const g = grad((x) => mul(x, x).to(other).mul(3).to(reference))([1, 2]);
    expect(g.arraySync()).toEqual([6, 12]);
    expect(g.backend).toBe(reference);
  });

  it('must be of a dtype that the backend stores', async () => {
    const narrow: Backend = { ...variant('h', ['cast']), dtypes: new Set(['float32', 'int32', 'bool']) };
    await setBackend(narrow);
    expect(() => tensor([1], [1], 'float64')).toThrow(/'h' does not store float64/);
    expect(() => cast(tensor([1]), 'float64')).toThrow(/cast: backend 'h' does not store float64/);
    expect(tensor([1.5]).dtype).toBe('float32');
  });
});

describe('exclusive blocks', () => {
  it('are offered only for storage that nobody else holds', () => {
    const offered: boolean[] = [];
    const undo = registerKernel('reference', add.op, (inputs, attrs, outputs) => {
      offered.push(inputs[0].exclusive === true);
      return reference.kernels.get('add')?.(inputs, attrs, outputs) ?? null;
    });
    grad((x) => add(mul(x, 2), mul(x, 3)))(2);
    undo();
    expect(offered).toContain(true);
    expect(offered[0]).toBe(false);
  });

  it('may be written into and returned without being freed', () => {
    const before = memory();
    const undo = registerKernel('reference', add.op, ([a, b]) => {
      const into = a.storage as { data: Float64Array };
      const from = b.storage as { data: Float64Array };
      if (!a.exclusive || into.data.length !== from.data.length) return null;
      from.data.forEach((value, i) => {
        into.data[i] += value;
      });
      return [into];
    });
    tidy(() => {
      expect(grad((x) => sum(mul(mul(x, x), mul(x, 3))))([1, 2]).arraySync()).toEqual([9, 36]);
    });
    undo();
    expect(memory()).toEqual(before);
  });
});

describe('rules', () => {
  it('can be replaced for one call, or registered', () => {
    const round = (x: Tensor): Tensor => mul(x, 1);
    const straight = { vjp: () => [tensor([100, 100])] };
    expect(withGradient(mul.op, straight, () => grad(round)([1, 2])).arraySync()).toEqual([100, 100]);
    expect(grad(round)([1, 2]).arraySync()).toEqual([1, 1]);
    const undo = registerGradient(expLike.op, { vjp: ([g]) => [g] });
    expect(grad((x) => expLike([x], undefined))([1, 2]).arraySync()).toEqual([1, 1]);
    undo();
    expect(grad((x) => expLike([x], undefined))([1, 2]).arraySync()).toEqual([Math.exp(1), Math.exp(2)]);
  });

  it('are missed only on the path', () => {
    const x = tensor([1, 2]);
    using tape = new GradientTape({ persistent: true });
    tape.watch(x);
    const off = mul(x, 2);
    const undo = registerKernel('reference', ruleless, ([block]) => [
      reference.write((block.storage as { data: Float64Array }).data.slice(), block),
    ]);
    const [y] = execute(ruleless, [x], undefined);
    tape.close();
    undo();
    expect(tape.gradient(off, x)?.arraySync()).toEqual([2, 2]);
    expect(() => tape.gradient(y, x)).toThrow(/ruleless: .*no gradient rule.*registerGradient/);
  });

  it('see no values that they do not save', () => {
    const greedy: OpFunction<readonly [Tensor], undefined, Tensor> = primitive('greedy', {
      infer: ([x]) => x,
      saves: [],
      vjp: (g, [x]) => mul(g, x),
    });
    const undo = registerKernel('reference', greedy.op, ([block]) => [
      reference.write((block.storage as { data: Float64Array }).data.slice(), block),
    ]);
    expect(() => grad((x) => greedy([x], undefined))([1, 2])).toThrow(/mul: .*disposed/);
    undo();
  });
});

const expLike: OpFunction<readonly [Tensor], undefined, Tensor> = composite('expLike', {
  infer: ([x]) => x,
  compose: ([x]) => exp(x),
});

const ruleless: Op = { name: 'ruleless', rule: undefined, saves: [], infer: (inputs) => inputs };

it('registerKernel takes a name, an op and a kernel, not the one object of tfjs', () => {
  expect(() => registerKernel({ kernelName: 'Add' } as never, undefined as never, undefined as never)).toThrow(
    /registerKernel: give a backend's name/,
  );
});

describe('retain', () => {
  it('tells a backend, while a tape records, which storages the pullbacks will read', async () => {
    const retained: unknown[] = [];
    const written: unknown[] = [];
    const told: Backend = {
      ...reference,
      name: 'told',
      retain: (storage) => retained.push(storage),
      write(data, spec) {
        const storage = reference.write(data, spec);
        written.push(storage);
        return storage;
      },
    };
    await setBackend(told);
    const [x, y] = [tensor([1, 2]), tensor([3, 4])];
    add(mul(x, y), exp(x));
    expect(retained).toEqual([]);
    const tape = new GradientTape();
    tape.watch(x);
    add(mul(x, y), 1);
    tape.close();
    // The partial of x is y; addition reads nothing.
    expect(retained).toEqual([written[1]]);
  });
});
