import { type Block, type KernelTable, type Output, type Shape, stridesOf } from '@wengert/core/functions';
import { type CpuStorage, make, view } from '../storage.ts';
import { broadcastStrides } from '../strides.ts';
import { type CopyLoops, copy } from './copy.ts';

interface Windows {
  readonly axes: readonly number[];
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

/** The strides in x of [...positions of the windows, ...positions within them]. */
export function windowStrides(shape: Shape, { axes, strides, dilations }: Windows): number[] {
  const steps = stridesOf(shape);
  const within = axes.map((axis, i) => steps[axis] * dilations[i]);
  for (const [i, axis] of axes.entries()) steps[axis] *= strides[i];
  return [...steps, ...within];
}

type Rearrangement = 'transpose' | 'broadcastTo' | 'reverse' | 'slice' | 'pad' | 'concat' | 'unfold';

/** The ops that are copies between strided regions, with the loops that these run in, and how inputs are looked at. */
/* @__NO_SIDE_EFFECTS__ */
export function rearrangements(
  loops?: CopyLoops,
  look: typeof view = view,
): Required<Pick<KernelTable, Rearrangement>> {
  /** Fills an output from a strided view of x. */
  const rearranged = (x: Block, out: Output, strides: readonly number[], offset = 0): [CpuStorage] =>
    put(make(out), out.shape, 0, stridesOf(out.shape), x, offset, strides);
  /** Brings a strided view of x to a strided region of an output. */
  const put = (
    result: CpuStorage,
    dims: Shape,
    to: number,
    steps: readonly number[],
    x: Block,
    offset = 0,
    strides: readonly number[] = stridesOf(x.shape),
  ): [CpuStorage] => {
    // The view of the output comes last: to look at an input may make the heap grow.
    const from = { data: look(x), offset, strides };
    copy(x.dtype, dims, { data: result.data, offset: to, strides: steps }, from, loops);
    return [result];
  };
  return {
    transpose([x], { perm }, [out]) {
      const steps = stridesOf(x.shape);
      return rearranged(
        x,
        out,
        perm.map((axis) => steps[axis]),
      );
    },

    broadcastTo: ([x], _, [out]) => rearranged(x, out, broadcastStrides(x.shape, out.shape)),

    reverse([x], { axes }, [out]) {
      const steps = stridesOf(x.shape);
      let offset = 0;
      for (const axis of axes) {
        offset += (x.shape[axis] - 1) * steps[axis];
        steps[axis] = -steps[axis];
      }
      return rearranged(x, out, steps, offset);
    },

    slice([x], { begin, strides }, [out]) {
      const steps = stridesOf(x.shape);
      const offset = begin.reduce((sum, first, axis) => sum + first * steps[axis], 0);
      return rearranged(
        x,
        out,
        steps.map((step, axis) => step * strides[axis]),
        offset,
      );
    },

    pad([x], { low, interior }, [out]) {
      const steps = stridesOf(out.shape);
      return put(
        make(out, 'zeros'),
        x.shape,
        low.reduce((sum, zeros, axis) => sum + zeros * steps[axis], 0),
        steps.map((step, axis) => step * (interior[axis] + 1)),
        x,
      );
    },

    concat(inputs, { axis }, [out]) {
      const result = make(out);
      const strides = stridesOf(out.shape);
      let offset = 0;
      for (const x of inputs) {
        put(result, x.shape, offset, strides, x);
        offset += x.shape[axis] * strides[axis];
      }
      return [result];
    },

    unfold: ([x], attrs, [out]) => rearranged(x, out, windowStrides(x.shape, attrs)),
  };
}
