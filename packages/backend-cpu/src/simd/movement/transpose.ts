import { bytesPerElement, type KernelTable, sizeOf, stridesOf } from '@wengert/core/functions';
import { collapse, walk } from '../../strides.ts';
import type { Compiled } from '../../wasm/module.ts';
import { addressOf, lazy, makeOnHeap, onHeap } from '../access.ts';
import { copyLoop } from './copyLoop.ts';
import { transposeLoop } from './transposeLoop.ts';

/** Fewer elements cost less in a plain loop. */
const FEWEST = 256;
const BYTES = 4;

const loop = lazy(() => transposeLoop);
/** Copies rows, as `copyLoop` says. */
export const copyRows: () => Compiled = lazy(() => copyLoop);

/** Writes the transpose of a contiguous matrix at `x` to `out`. */
export function transposeMatrix(out: number, x: number, rows: number, columns: number): void {
  loop()(out, rows * BYTES, x, columns * BYTES, rows, columns);
}

/** Permutations of axes: the last one changes places with another, or rows are moved as they are. */
export const transpose: KernelTable = {
  transpose: onHeap(([x], { perm }, [out]) => {
    if (bytesPerElement(x.dtype) !== BYTES || sizeOf(out.shape) < FEWEST) return null;
    const steps = stridesOf(x.shape);
    const nest = collapse(out.shape, [stridesOf(out.shape), perm.map((axis) => steps[axis])], 2);
    const last = nest.dims.length - 1;
    const near = nest.strides[1].indexOf(1);
    if (near < 0 || nest.dims[near] < 4 || nest.dims[last] < 4) return null;
    const stays = near === last;
    if (!stays) for (const list of [nest.dims, ...nest.strides]) list.splice(last - 1, 0, ...list.splice(near, 1));
    const [outer, inner] = nest.dims.slice(last - 1);
    const [outRow] = nest.strides[0].slice(last - 1);
    const row = nest.strides[1][stays ? last - 1 : last];
    const [result, to] = makeOnHeap(out);
    const from = addressOf(x);
    // Of a transposed matrix the rows of x are the inner loop of the output.
    const [run, rows, columns] = stays ? [copyRows(), outer, inner] : [loop(), inner, outer];
    walk(nest, last - 1, ([o, ix]) =>
      run(to + o * BYTES, outRow * BYTES, from + ix * BYTES, row * BYTES, rows, columns),
    );
    return [result];
  }),
};
