import { type TensorLike, toTensor } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { type Shape, showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { reshaped } from './reshape.ts';
import { reverseOp } from './reverse.ts';
import { sliceOp } from './slice.ts';

/** What is taken of one axis: `size` elements from `begin` in steps of `stride`, which may be negative. */
interface Range {
  readonly begin: number;
  readonly size: number;
  readonly stride: number;
}

/** What is taken of all axes, and the shape of the result with axes inserted and dropped. */
interface Plan {
  readonly ranges: Range[];
  readonly shape: number[];
}

/**
 * Every `strides[i]`th element (default: every one) of axis i from `begin[i]` up to but not including `end[i]`; negative
 * positions count from the end, and negative strides go backwards. Bit i of a mask says of entry i: `beginMask` and
 * `endMask`, ignore the limit; `ellipsisMask`, it stands for all axes that the others leave; `newAxisMask`, it inserts an
 * axis of length 1; `shrinkAxisMask`, take the one element at `begin[i]` and drop the axis.
 * @example
 * stridedSlice([1, 2, 3, 4, 5], [0], [5], [2]).print(); // [1, 3, 5]
 */
export function stridedSlice(
  x: TensorLike,
  begin: readonly number[],
  end: readonly number[],
  strides?: readonly number[],
  beginMask = 0,
  endMask = 0,
  ellipsisMask = 0,
  newAxisMask = 0,
  shrinkAxisMask = 0,
): Tensor {
  const tensor = toTensor('stridedSlice', x);
  const masks = { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask };
  const { ranges, shape } = plan(tensor.shape, begin, end, strides ?? begin.map(() => 1), masks);
  const axes = ranges.flatMap(({ stride }, i) => (stride < 0 ? [i] : []));
  const forward = axes.length === 0 ? tensor : reverseOp([tensor], { axes });
  const taken = sliceOp([forward], {
    begin: ranges.map((range, i) => (range.stride < 0 ? tensor.shape[i] - 1 - range.begin : range.begin)),
    size: ranges.map(({ size }) => size),
    strides: ranges.map(({ stride }) => Math.abs(stride)),
  });
  return reshaped(taken, shape);
}

type Masks = Readonly<Record<`${'begin' | 'end' | 'ellipsis' | 'newAxis' | 'shrinkAxis'}Mask`, number>>;

function plan(
  of: Shape,
  begin: readonly number[],
  end: readonly number[],
  strides: readonly number[],
  masks: Masks,
): Plan {
  const has = (mask: number, i: number): boolean => (mask & (1 << i)) !== 0;
  const ellipsis = begin.findIndex((_, i) => has(masks.ellipsisMask, i));
  const inserted = begin.filter((_, i) => i !== ellipsis && has(masks.newAxisMask, i)).length;
  const rest = of.length - (begin.length - inserted - (ellipsis < 0 ? 0 : 1));
  const integers = [...begin, ...end, ...strides].every(Number.isInteger);
  if (end.length !== begin.length || strides.length !== begin.length || rest < 0 || !integers || strides.includes(0)) {
    throw new ShapeError(
      `stridedSlice: begin ${showShape(begin)}, end ${showShape(end)} and strides ${showShape(strides)} do not fit shape ${showShape(of)}`,
    );
  }
  const ranges: Range[] = [];
  const shape: number[] = [];
  const takeWhole = (): void => {
    for (let k = 0; k < rest; k++) {
      const size = of[ranges.length];
      ranges.push({ begin: 0, size, stride: 1 });
      shape.push(size);
    }
  };
  begin.forEach((first, i) => {
    const length = of[ranges.length];
    if (i === ellipsis) takeWhole();
    else if (has(masks.newAxisMask, i)) shape.push(1);
    else if (has(masks.shrinkAxisMask, i)) ranges.push(single(first, length, of));
    else {
      const range = limited(
        has(masks.beginMask, i) ? null : first,
        has(masks.endMask, i) ? null : end[i],
        strides[i],
        length,
      );
      ranges.push(range);
      shape.push(range.size);
    }
  });
  if (ellipsis < 0) takeWhole();
  return { ranges, shape };
}

function single(index: number, length: number, of: Shape): Range {
  const begin = index < 0 ? index + length : index;
  if (begin < 0 || begin >= length) {
    throw new ShapeError(
      `stridedSlice: index ${index} is out of range for an axis of length ${length} of ${showShape(of)}`,
    );
  }
  return { begin, size: 1, stride: 1 };
}

/** As Python's slices: limits outside the axis are moved to its ends. */
function limited(begin: number | null, end: number | null, stride: number, length: number): Range {
  const [lowest, highest] = stride > 0 ? [0, length] : [-1, length - 1];
  const clamped = (at: number): number => Math.min(highest, Math.max(lowest, at < 0 ? at + length : at));
  const first = begin === null ? (stride > 0 ? lowest : highest) : clamped(begin);
  const last = end === null ? (stride > 0 ? highest : lowest) : clamped(end);
  return { begin: first, size: Math.max(0, Math.ceil((last - first) / stride)), stride };
}

export const stridedSliceSamples: Samples<typeof stridedSlice> = ({ uniform, bools }) => [
  [uniform([7]), [1], [6], [2]],
  [uniform([7]), [-1], [0], [-2]],
  [uniform([4, 5]), [1, 0], [3, 5]],
  [uniform([4, 5]), [0, 4], [4, -9], [3, -1]],
  [uniform([4, 5]), [3, 1], [0, 2], [-1, 3], 0b11, 0b01],
  [uniform([2, 3, 4]), [0, 1], [0, 3], [1, 1], 0, 0, 0b01],
  [uniform([2, 3, 4]), [1, 0, 0], [0, 0, 2], [1, 1, 1], 0, 0, 0b010, 0, 0b001],
  [uniform([3, 4]), [0, 0, -1], [3, 0, 0], [1, 1, 1], 0, 0, 0, 0b010, 0b100],
  [uniform([5]), [4], [1]],
  [uniform([0, 2]), [0], [3], [-1], 1, 1],
  [uniform([]), [], []],
  [bools([4]), [3], [0], [-1]],
];

export const stridedSliceSpace: Space<typeof stridedSlice> = ({ tensor, shape, list, int, pick }) => {
  const lengths = shape();
  const spec = list(int(0, lengths.length), (i) => lengths[i]);
  const mask = (): number => pick(0, 0, 0, int(0, 2 ** spec.length - 1));
  return [
    tensor(lengths),
    spec.map((n) => int(-n - 1, n + 1)),
    spec.map((n) => int(-n - 1, n + 1)),
    pick(
      undefined,
      spec.map(() => pick(1, 2, -1, -3)),
    ),
    mask(),
    mask(),
    pick(0, 0, 0, 1, 2),
    pick(0, 0, 1, 2),
    mask(),
  ];
};

export const stridedSliceBadSamples: BadSamples<typeof stridedSlice> = ({ uniform, wrong }) => [
  { args: [uniform([3]), [0, 0], [1, 1]], error: 'ShapeError', names: ['stridedSlice', '[0,0]', '[3]'] },
  { args: [uniform([3]), [0], [1, 1]], error: 'ShapeError', names: ['stridedSlice', '[1,1]'] },
  { args: [uniform([3]), [0], [2], [0]], error: 'ShapeError', names: ['stridedSlice', '[0]'] },
  { args: [uniform([3]), [0.5], [2]], error: 'ShapeError', names: ['stridedSlice', '0.5'] },
  { args: [uniform([3]), [3], [4], [1], 0, 0, 0, 0, 1], error: 'ShapeError', names: ['stridedSlice', '3', '[3]'] },
  { args: [wrong(null), [0], [1]], error: 'ArgumentError', names: ['stridedSlice', 'null'] },
];
