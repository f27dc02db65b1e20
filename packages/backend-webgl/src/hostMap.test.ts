import { createReferenceBackend } from '@wengert/backend-reference';
import type { DType } from '@wengert/core';
import { formulaOf, pointwiseOps } from '@wengert/fusion';
import { describe, expect, it } from 'vitest';
import { mapOnHost } from './hostMap.ts';
import { error, type Host, host, random, runKernel } from './testing.ts';

const reference = createReferenceBackend();

const EDGES = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -2.5, 3, -3, 88, 1e-20, -1e20];
const INTS = [0, 1, -1, 2, -3, 7, 31, -100, 4000];
const VALUES: { readonly [dtype in DType]?: readonly number[] } = { float32: EDGES, int32: INTS, bool: [0, 1] };

/** Every pair of edge cases, and what lies between. */
function inputsOf(arity: number, dtype: DType): Host[] {
  const values = VALUES[dtype] ?? [];
  const n = values.length;
  if (arity === 1) return [host([n + 20], dtype, [...values, ...random([20], dtype, -9, 9).data])];
  const pair = [host([n, 1], dtype, values), host([1, n], dtype, values)];
  return arity === 2 ? pair : [random([n, n], 'bool'), ...pair];
}

const kernels = new Set(reference.kernels.keys());
const served = pointwiseOps.filter((op) => kernels.has(op));

describe('what formulas give on the host is what the reference gives', () => {
  it.each(served)('%s', (op) => {
    let tried = 0;
    for (const dtype of ['float32', 'int32', 'bool'] as const satisfies readonly DType[]) {
      for (const out of [dtype, 'bool', 'int32', 'float32'] as const satisfies readonly DType[]) {
        if (
          out !== dtype &&
          op !== 'cast' &&
          !(out === 'bool' && ['less', 'lessEqual', 'equal', 'logicalNot'].includes(op))
        )
          continue;
        for (const arity of [1, 2, 3]) {
          const inputs = inputsOf(arity, dtype);
          const formula = formulaOf(
            op,
            inputs.map((x) => x.dtype),
            out,
          );
          if (formula === undefined) continue;
          const n = VALUES[dtype]?.length ?? 0;
          const shape = arity === 1 ? inputs[0].shape : [n, n];
          const attrs = op === 'cast' ? { dtype: out } : {};
          const data = mapOnHost(
            formula,
            inputs.map((x) => ({ values: x.data, shape: x.shape })),
            shape,
            out,
          );
          if (data === null) continue;
          const expected = runKernel(reference, op, inputs, attrs, { shape, dtype: out });
          expect(error(data, expected ?? []), `${op} ${dtype} ${out}`).toBeLessThanOrEqual(2e-7);
          tried++;
        }
      }
    }
    expect(tried > 0 || ['erf'].includes(op)).toBe(true);
  });
});
