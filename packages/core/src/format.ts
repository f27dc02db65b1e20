import type { DType, TypedArray } from './dtype.ts';
import { type Shape, stridesOf } from './shape.ts';

const EDGE = 3;

/** Values as nested brackets, with `...` in the middle of axes longer than six. */
export function format(data: TypedArray, shape: Shape, dtype: DType): string {
  const strides = stridesOf(shape);
  const one = (value: number): string => {
    if (dtype === 'bool') return value ? 'true' : 'false';
    return dtype === 'int32' ? String(value) : String(Number(value.toPrecision(7)));
  };
  const level = (axis: number, offset: number): string => {
    if (axis === shape.length) return one(data[offset]);
    const length = shape[axis];
    const indices = Array.from({ length }, (_, i) => i).filter(
      (i) => length <= 2 * EDGE || i < EDGE || i >= length - EDGE,
    );
    const parts = indices.map((i) => level(axis + 1, offset + i * strides[axis]));
    if (length > 2 * EDGE) parts.splice(EDGE, 0, '...');
    const gap = axis === shape.length - 1 ? ', ' : `,\n${' '.repeat(axis + 1)}`;
    return `[${parts.join(gap)}]`;
  };
  return level(0, 0);
}
