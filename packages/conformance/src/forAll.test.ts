import { createReferenceBackend } from '@wengert/backend-reference';
import { registerOp, type Tensor, tensor } from '@wengert/core';
import { expect, test } from 'vitest';
import { conformanceCases } from './conformanceCases.ts';
import { createDraw } from './draw.ts';
import { forAll } from './forAll.ts';
import { showCall } from './showCall.ts';

const backend = createReferenceBackend();
const drawing = { backend, dtype: 'float64', seed: 'forAll' } as const;

/** The calls that are drawn, as text. */
async function drawn(seed: number): Promise<string[]> {
  const calls: string[] = [];
  const check = async (begin: () => (count: number) => number): Promise<boolean> => {
    const draw = createDraw(begin(), drawing);
    const shape = draw.shape();
    calls.push(showCall('f', [draw.tensor(shape), draw.axes(shape.length)]));
    return true;
  };
  await forAll('f', { runs: 200, seed }, check, async () => '');
  return calls;
}

test('the same seed draws the same calls, another one others', async () => {
  const calls = await drawn(1);
  expect(await drawn(1)).toEqual(calls);
  expect(await drawn(2)).not.toEqual(calls);
});

test('scalars, empty tensors, other dtypes, negative and repeated axes are among what is drawn', async () => {
  const calls = (await drawn(1)).join('\n');
  expect(calls).toMatch(/, \[\], 'float64'\)/);
  expect(calls).toMatch(/tensor\(\[\], \[[\d, ]+\], '\w+'\), \[?-\d/);
  expect(calls).toMatch(/'int32'/);
  expect(calls).toMatch(/'bool'\), \[-?\d, -\d(, -?\d)*\]\)/);
  expect(calls).toMatch(/, \[(-?\d), (-?\d, )*\1\]\)$/m);
});

test('a failure is shrunk to its simplest call, which can be pasted', async () => {
  const show = async (choose: (count: number) => number): Promise<string> => {
    const draw = createDraw(choose, drawing);
    return showCall('f', [draw.uniform(draw.shape(), 5, 5), draw.int(0, 1000), { mode: draw.pick('a', 'b') }, null]);
  };
  const check = async (begin: () => (count: number) => number): Promise<boolean> => {
    const draw = createDraw(begin(), drawing);
    const shape = draw.shape();
    draw.uniform(shape);
    if (shape.length >= 2 && draw.int(0, 1000) > 17) throw new RangeError('too large');
    return true;
  };
  await expect(forAll('f', { runs: 200, seed: 1 }, check, show)).rejects.toThrow(
    /^f: RangeError: too large\n {2}f\(tensor\(\[5\], \[1, 1\], 'float64'\), 18, \{ mode: 'a' \}, null\)\n\(generated with seed 1, 200 runs/,
  );
});

test('a space of which hardly any call goes through is refused', async () => {
  let calls = 0;
  const seldom = async (): Promise<boolean> => ++calls % 4 === 0;
  await expect(forAll('f', { runs: 100, seed: 1 }, seldom, async () => '')).rejects.toThrow('all but 25 are refused');
});

test('what an op throws other than a refusal is a failure', async () => {
  const f = (x: Tensor): Tensor => {
    if (x.rank === 3) throw new TypeError('x is not a function');
    return x;
  };
  const undo = registerOp({
    name: 'faulty',
    f,
    samples: () => [[tensor([1])]],
    space: ({ uniform, shape }) => [uniform(shape(0, 3))],
  });
  try {
    const options = { ops: (name: string) => name === 'faulty', generated: { runs: 20 } };
    const cases = [...conformanceCases('reference', createReferenceBackend, options)];
    const generated = cases.find(({ name }) => name === 'generated: faulty');
    await expect(async () => generated?.run()).rejects.toThrow('TypeError: x is not a function\n  faulty(tensor([');
  } finally {
    undo();
  }
});
