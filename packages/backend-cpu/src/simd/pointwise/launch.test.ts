import { flatView, formulaOf } from '@wengert/fusion';
import { expect, it } from 'vitest';
import { sharedHeap } from '../../heap.ts';
import { CpuStorage, held } from '../../storage.ts';
import { launchOf, type Work } from './launch.ts';
import { reserveRoom } from './tracks.ts';

const LENGTH = 100;
const formula = formulaOf('neg', ['float32'], 'float32');
if (formula === undefined) throw new Error('neg has no formula');

/** The negation of x. */
const work = (x: CpuStorage): Work => ({
  structure: 'negation for the test',
  size: LENGTH,
  steps: [{ formula, args: [{ from: 'access', index: 0 }] }],
  inputs: [x],
  accesses: [{ input: 0, view: flatView(LENGTH), type: 'float' }],
  scalars: [],
  ending: [false],
  outputs: [{ step: 0, node: { info: { dtype: 'float32', scoped: true, workers: null } } }],
});

it('a launch that fails gives back what it has made', () => {
  const x = new CpuStorage('float32', LENGTH, true, null);
  x.data.fill(3);
  const before = held();
  const address = x.address;
  Object.defineProperty(x, 'address', {
    configurable: true,
    get() {
      throw new Error('lost');
    },
  });
  expect(() => launchOf(work(x)).run()).toThrow('lost');
  expect(held()).toEqual(before);

  Object.defineProperty(x, 'address', { value: address });
  const made = launchOf(work(x)).run();
  expect([...(made?.[0].data ?? [])]).toEqual(new Array(LENGTH).fill(-3));
});

it('a result written into an input is right where another input is brought to the heap piece by piece', () => {
  const choose = formulaOf('where', ['bool', 'float32', 'float32'], 'float32');
  if (choose === undefined) throw new Error('where has no formula');
  // As many as make two pieces of which neither is whole vectors.
  const length = 2 ** 13 + 10;
  const x = new CpuStorage('float32', length, true, null);
  x.data.fill(3);
  const chosen = new CpuStorage('bool', length, false, new Uint8Array(length).fill(1));
  const made = launchOf({
    structure: 'negated choice for the test',
    size: length,
    steps: [
      {
        formula: choose,
        args: [
          { from: 'access', index: 0 },
          { from: 'access', index: 1 },
          { from: 'number', index: 0 },
        ],
      },
      { formula, args: [{ from: 'step', index: 0 }] },
    ],
    inputs: [chosen, x],
    accesses: [
      { input: 0, view: flatView(length), type: 'bool' },
      { input: 1, view: flatView(length), type: 'float' },
    ],
    scalars: [{ value: 0, type: 'float' }],
    ending: [false, true],
    outputs: [{ step: 1, node: { info: { dtype: 'float32', scoped: true, workers: null } } }],
  }).run();
  expect(made).toEqual([x]);
  expect(chosen.address).toBe(0);
  expect([...x.data].findIndex((value) => value !== -3)).toBe(-1);
});

it('a launch goes on where there is no room for anything but the chunks', () => {
  expect(reserveRoom()).toBe(true);
  const heap = sharedHeap();
  const x = new CpuStorage('float32', LENGTH, false, new Float32Array(LENGTH).fill(3));
  const taken: [address: number, bytes: number][] = [];
  const made = heap?.pinned(() => {
    for (let bytes = 2 ** 22; bytes >= 16; bytes /= 2) {
      for (let address = heap.allocate(bytes); address !== 0; address = heap.allocate(bytes))
        taken.push([address, bytes]);
    }
    return launchOf(work(x)).run();
  });
  for (const [address, bytes] of taken) heap?.free(address, bytes);
  expect([...(made?.[0].data ?? [])]).toEqual(new Array(LENGTH).fill(-3));
});
