import type { Declaration, Shape } from '@wengert/core';
import type { SeededDraw } from './draw.ts';
import { require } from './errors.ts';
import { familiesOf, leadingTensors } from './families.ts';

/** Draws the arguments of one call. */
export type DrawCall = (draw: SeededDraw) => readonly unknown[];

/** How calls of an op vary, and those that are tried whatever is drawn. */
export interface Calls {
  readonly drawn: DrawCall;
  readonly always: readonly DrawCall[];
}

/** More than a vector register holds, powers of two and their neighbours, a thousand elements, one and none. */
const ONE: readonly (readonly Shape[])[] = [[[1025]], [[3, 65, 5]], [[]], [[2, 0, 3]]];
const TWO: readonly (readonly Shape[])[] = [
  [[1025], [1025]],
  [[65, 1], [64]],
  [
    [7, 1, 8],
    [63, 1],
  ],
  [[], [1025]],
  [[0, 1], [3]],
];
const REDUCED: readonly (readonly [shape: Shape, axis: readonly number[], keepDims: boolean])[] = [
  [[2, 1025], [1], false],
  [[1025, 2], [0], true],
  [[8, 63, 7], [0, -1], false],
  [[], [], false],
];

/** The calls of an op: as it declares, else as its family has them. Undefined where it is of none. */
export function callsOf(declaration: Declaration): Calls | undefined {
  const { elementwise, reduction } = familiesOf(declaration);
  const tensors = (draw: SeededDraw, shapes: readonly Shape[]): readonly unknown[] => {
    const sample = leadingTensors(declaration, draw, shapes.length);
    require(sample !== undefined, () => `${declaration.name}: no sample begins with ${shapes.length} tensors`);
    return sample.make(shapes);
  };
  const declared = declaration.space;
  if (elementwise !== undefined) {
    const shapes = elementwise === 1 ? oneShape : twoShapes;
    return {
      drawn: declared ?? ((draw) => tensors(draw, shapes(draw))),
      always: (elementwise === 1 ? ONE : TWO).map((given) => (draw) => tensors(draw, given)),
    };
  }
  if (reduction) {
    const reduce = (draw: SeededDraw, [shape, ...rest]: readonly [Shape, ...unknown[]]): readonly unknown[] => [
      ...tensors(draw, [shape]).slice(0, 1),
      ...rest,
    ];
    return {
      drawn: declared ?? ((draw) => reduce(draw, reduced(draw))),
      always: REDUCED.map((call) => (draw) => reduce(draw, call)),
    };
  }
  return declared && { drawn: declared, always: [] };
}

function oneShape(draw: SeededDraw): Shape[] {
  return [draw.shape()];
}

/** Two shapes that broadcast to one. */
function twoShapes(draw: SeededDraw): Shape[] {
  const shape = draw.shape();
  const pair = [draw.narrowed(shape), draw.pick(shape, draw.narrowed(shape))];
  return draw.pick(false, true) ? pair : pair.reverse();
}

function reduced(draw: SeededDraw): [Shape, ...unknown[]] {
  const shape = draw.shape();
  return [shape, draw.axes(shape.length), draw.pick(false, true)];
}
