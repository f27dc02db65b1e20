import type { HostKernel } from '../../op/host.ts';
import { sizeOf } from '../../shape.ts';

/**
 * A host kernel in double, matrix by matrix: `f` sees copies, [n, n] in the first input, and returns what each output's
 * matrix is.
 */
/* @__NO_SIDE_EFFECTS__ */
export function matrixLoop<A>(
  f: (n: number, matrices: readonly Float64Array[], attrs: A) => readonly ArrayLike<number>[],
): HostKernel<A> {
  return (inputs, attrs, outputs) => {
    const { shape } = inputs[0];
    const batch = sizeOf(shape.slice(0, -2));
    for (let i = 0; i < batch; i++) {
      const matrices = inputs.map(({ data }) => {
        const size = data.length / batch;
        return new Float64Array(data.subarray(i * size, (i + 1) * size));
      });
      const values = f(shape[shape.length - 1], matrices, attrs);
      for (const [k, { data }] of outputs.entries()) data.set(values[k], (i * data.length) / batch);
    }
  };
}
