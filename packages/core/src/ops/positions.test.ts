import { createCpuBackend } from '@wengert/backend-cpu';
import { createReferenceBackend } from '@wengert/backend-reference';
import * as w from '@wengert/core';
import { describe, expect, it } from 'vitest';

// Rows of indices that name no position: not on every backend can they be told, since telling means to read them.

const matrix = [
  [1, 2, 3],
  [4, 5, 6],
];
const backends = [createReferenceBackend(), createCpuBackend()];

const calls: readonly (readonly [op: string, f: (row: readonly number[]) => w.Tensor])[] = [
  ['gatherND', (row) => w.gatherND(matrix, [[0, 0], row])],
  ['scatterND', (row) => w.scatterND([[0, 0], row], [1, 2], [2, 3])],
  ['tensorScatterUpdate', (row) => w.tensorScatterUpdate(matrix, [[0, 0], row], [1, 2])],
  ['sparseToDense', (row) => w.sparseToDense([[0, 0], row], [1, 2], [2, 3])],
];

describe.each(backends)('on $name', (backend) => {
  describe.each(calls)('%s', (op, f) => {
    it.each<[row: number[], fault: string]>([
      [[0, 3], '3 must be in [0, 3)'],
      [[1, -1], '-1 must be in [0, 3)'],
      [[2, 0], '2 must be in [0, 2)'],
      [[-1, 5], '-1 must be in [0, 2)'],
    ])('refuses %j', (row, fault) => {
      w.setBackend(backend);
      const call = (): w.Tensor => f(row);
      expect(call).toThrow(w.ShapeError);
      expect(call).toThrow(`${op}: indices [${row}] name no position: ${fault}`);
    });

    it('takes the last position', () => {
      w.setBackend(backend);
      expect(f([1, 2]).dataSync()).toBeDefined();
    });
  });

  it('one index of an axis is refused with the name of the op', () => {
    w.setBackend(backend);
    expect(() => w.gatherND([1, 2], [[0], [2]])).toThrow('gatherND: indices [2] name no position: 2 must be in [0, 2)');
  });

  it.each([3, -1])('the index %d, which would name an element of another row, is refused', (index) => {
    w.setBackend(backend);
    const fault = `index ${index} is outside an axis of length 3; it must be in [0, 3)`;
    expect(() => w.takeAlongAxis(matrix, [[0], [index]], 1)).toThrow(`takeAlongAxis: ${fault}`);
    expect(() => w.gather(matrix, [[index], [0]], 1, 1)).toThrow(`gather: ${fault}`);
    expect(w.takeAlongAxis(matrix, [[2], [0]], 1).arraySync()).toEqual([[3], [4]]);
  });

  it('what belongs to no segment is left out, however far it is', () => {
    w.setBackend(backend);
    expect(w.unsortedSegmentSum([1, 2, 4, 8, 16], [1, 2, 7, -1, 0], 2).arraySync()).toEqual([16, 1]);
  });
});
