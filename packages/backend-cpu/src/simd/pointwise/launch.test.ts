import { flatView, formulaOf } from '@wengert/fusion';
import { expect, it } from 'vitest';
import { CpuStorage, held } from '../../storage.ts';
import { launchOf, type Work } from './launch.ts';

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
