import { allocate, type DType, type Shape, sizeOf, type TypedArray } from '@wengert/core/functions';
import { broadcastView, evaluator, type Formula, isFlat, placeOf } from '@wengert/fusion';

/** Values on the host and the shape that they have. */
export interface HostInput {
  readonly values: ArrayLike<number>;
  readonly shape: Shape;
}

/** Reads element `i` of the output's shape. */
function reader({ values, shape }: HostInput, out: Shape, size: number): (i: number) => number {
  if (values.length === 1) return () => values[0];
  const view = broadcastView(shape, out);
  return isFlat(view, size) ? (i) => values[i] : (i) => values[placeOf(view, i)];
}

/** The formula over all elements; null where it cannot be computed here. */
export function mapOnHost(
  formula: Formula,
  inputs: readonly HostInput[],
  shape: Shape,
  dtype: DType,
): TypedArray | null {
  const evaluate = evaluator(formula);
  if (evaluate === null) return null;
  const size = sizeOf(shape);
  const readers = inputs.map((input) => reader(input, shape, size));
  const data = allocate(dtype, size);
  const element: number[] = inputs.map(() => 0);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < readers.length; k++) element[k] = readers[k](i);
    data[i] = evaluate(element);
  }
  return data;
}
