import type { TensorLike } from './convert.ts';
import type { Axes, Draw } from './sampling.ts';
import type { Tensor } from './tensor.ts';

// Spaces that many ops share. A type that names no function fits those of all functions with these arguments.
type Arguments<P> = (draw: Draw) => Readonly<P>;

/** Any tensor. */
export const tensorSpace: Arguments<[x: Tensor]> = ({ tensor, shape }) => [tensor(shape())];

/** A float tensor, with axes to reduce and whether to keep them. */
export const reductionSpace: Arguments<[x: Tensor, axis: Axes, keepDims: boolean]> = (draw) => {
  const shape = draw.shape();
  return [draw.uniform(shape), draw.axes(shape.length), draw.pick(false, true)];
};

/** Square matrices, as one of the two methods makes them. */
/* @__NO_SIDE_EFFECTS__ */
export function matrixSpace(make: 'spd' | 'dominant'): Arguments<[x: Tensor]> {
  return (draw) => {
    const n = draw.length();
    return [draw[make]([...draw.shape(0, 2), n, n])];
  };
}

/** Matrices with any number of rows and columns. */
export function rectangle({ shape, length }: Draw): number[] {
  return [...shape(0, 2), length(), length()];
}

/** Weights that broadcast to losses of this shape, if any. */
export function weightsOf(draw: Draw, shape: readonly number[]): TensorLike | null | undefined {
  const kind = draw.pick('none', 'null', 'floats', 'counts');
  if (kind === 'none') return undefined;
  if (kind === 'null') return null;
  const narrowed = draw.narrowed(shape);
  return kind === 'floats' ? draw.uniform(narrowed, 0.5, 1) : draw.indices(narrowed, 3);
}
