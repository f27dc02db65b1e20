import { type Block, type KernelTable, type Shape, sizeOf } from '@wengert/core/functions';
import { broadcastStrides, pick, positions } from './positions.ts';
import { store, valuesOf } from './storage.ts';

/** The matrices of a block one after the other, after the transposition, and where each of `batch` begins. */
function matrices(block: Block, transpose: boolean, batch: Shape) {
  const leading = block.shape.slice(0, -2);
  const [rows, columns] = block.shape.slice(-2);
  const size = rows * columns;
  const starts = positions(batch, broadcastStrides(leading, batch)).map((matrix) => matrix * size);
  const values = valuesOf(block);
  if (!transpose) return { values, rows, columns, starts };
  const transposed = pick(values, positions([sizeOf(leading), columns, rows], [size, 1, columns]));
  return { values: transposed, rows: columns, columns: rows, starts };
}

interface Geometry {
  readonly strides: readonly number[];
  readonly pads: readonly (readonly [number, number])[];
  readonly dilations: readonly number[];
  readonly inputDilations: readonly number[];
}

/**
 * For each output position p and filter tap t, at [p · taps + t]: which spatial element of the input lies under the tap,
 * or -1 over padding and between the elements of a dilated input. Axes are joined one by one.
 */
function elementsUnderTaps(input: Shape, filter: Shape, output: Shape, attrs: Geometry): Int32Array {
  let elements = Int32Array.of(0);
  input.forEach((length, axis) => {
    const taps = sizeOf(filter.slice(0, axis));
    const points = sizeOf(output.slice(0, axis));
    const spacing = attrs.inputDilations[axis];
    const joined = new Int32Array(elements.length * output[axis] * filter[axis]);
    let at = 0;
    for (let p = 0; p < points; p++) {
      for (let o = 0; o < output[axis]; o++) {
        for (let t = 0; t < taps; t++) {
          for (let k = 0; k < filter[axis]; k++) {
            const i = (o * attrs.strides[axis] + k * attrs.dilations[axis] - attrs.pads[axis][0]) / spacing;
            const outer = elements[p * taps + t];
            joined[at++] = outer >= 0 && Number.isInteger(i) && i >= 0 && i < length ? outer * length + i : -1;
          }
        }
      }
    }
    elements = joined;
  });
  return elements;
}

export const contractionKernels: KernelTable = {
  matMul: ([a, b], { transposeA, transposeB }, [out]) => {
    const batch = out.shape.slice(0, -2);
    const { values: x, rows, columns: depth, starts: xStarts } = matrices(a, transposeA, batch);
    const { values: y, columns, starts: yStarts } = matrices(b, transposeB, batch);
    const result = new Float64Array(sizeOf(out.shape));
    for (let m = 0; m < xStarts.length; m++) {
      for (let i = 0; i < rows; i++) {
        const to = (m * rows + i) * columns;
        for (let k = 0; k < depth; k++) {
          const factor = x[xStarts[m] + i * depth + k];
          const from = yStarts[m] + k * columns;
          for (let j = 0; j < columns; j++) result[to + j] += factor * y[from + j];
        }
      }
    }
    return [store(out, result)];
  },

  conv: ([x, filter], attrs, [out]) => {
    const spatial = (shape: Shape, from: number) => shape.slice(from, -1);
    const input = spatial(x.shape, 2);
    const window = filter.shape.slice(1, -2);
    const output = spatial(out.shape, 2);
    const [groups, batch] = x.shape;
    const [channels, features] = filter.shape.slice(-2);
    const elements = elementsUnderTaps(input, window, output, attrs);
    const [size, taps, points] = [input, window, output].map(sizeOf);
    const values = valuesOf(x);
    const weights = valuesOf(filter);
    const result = new Float64Array(sizeOf(out.shape));
    for (let image = 0; image < groups * batch; image++) {
      const group = Math.floor(image / batch);
      for (let p = 0; p < points; p++) {
        const to = (image * points + p) * features;
        for (let t = 0; t < taps; t++) {
          const element = elements[p * taps + t];
          if (element < 0) continue;
          for (let c = 0; c < channels; c++) {
            const factor = values[(image * size + element) * channels + c];
            const from = ((group * taps + t) * channels + c) * features;
            for (let o = 0; o < features; o++) result[to + o] += factor * weights[from + o];
          }
        }
      }
    }
    return [store(out, result)];
  },
};
