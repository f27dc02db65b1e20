import { type Floats, like } from './loops.ts';

/** Images [batch, height, width, inputs] under a filter [size, size, inputs, outputs], stride 1, same padding. */
export interface Convolution {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly size: number;
}

/** Calls `visit` with the offsets of input, filter and output for all pairs of pixels that meet. */
function meet(c: Convolution, visit: (x: number, f: number, y: number) => void): void {
  const { batch, height, width, inputs, outputs, size } = c;
  const before = (size - 1) >> 1;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const y = ((n * height + i) * width + j) * outputs;
        for (let di = 0; di < size; di++) {
          const row = i + di - before;
          if (row < 0 || row >= height) continue;
          for (let dj = 0; dj < size; dj++) {
            const column = j + dj - before;
            if (column < 0 || column >= width) continue;
            visit(((n * height + row) * width + column) * inputs, (di * size + dj) * inputs * outputs, y);
          }
        }
      }
    }
  }
}

/** The convolution, NHWC. */
export function conv2d<F extends Floats>(x: F, filter: F, c: Convolution): F {
  const { inputs, outputs } = c;
  const out = like(x, c.batch * c.height * c.width * outputs);
  meet(c, (from, f, y) => {
    for (let i = 0; i < inputs; i++) {
      const value = x[from + i];
      for (let o = 0; o < outputs; o++) out[y + o] += value * filter[f + i * outputs + o];
    }
  });
  return out;
}

/** The cotangents of the images and of the filter for the cotangent `g` of the convolution. */
export function conv2dGradients<F extends Floats>(x: F, filter: F, g: F, c: Convolution): { images: F; filter: F } {
  const { inputs, outputs } = c;
  const forImages = like(x, x.length);
  const forFilter = like(filter, filter.length);
  meet(c, (from, f, y) => {
    for (let i = 0; i < inputs; i++) {
      const value = x[from + i];
      const at = f + i * outputs;
      let total = 0;
      for (let o = 0; o < outputs; o++) {
        total += g[y + o] * filter[at + o];
        forFilter[at + o] += g[y + o] * value;
      }
      forImages[from + i] += total;
    }
  });
  return { images: forImages, filter: forFilter };
}

/** The largest of each window of 2 by 2 of images [batch, height, width, channels], and where it was. */
export function maxPool<F extends Floats>(
  x: F,
  [batch, height, width, channels]: readonly number[],
): { out: F; from: Int32Array } {
  const out = like(x, x.length / 4);
  const from = new Int32Array(out.length);
  let at = 0;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < height; i += 2) {
      for (let j = 0; j < width; j += 2) {
        const corner = ((n * height + i) * width + j) * channels;
        for (let c = 0; c < channels; c++, at++) {
          let best = corner + c;
          for (const step of [channels, width * channels, (width + 1) * channels]) {
            if (x[corner + c + step] > x[best]) best = corner + c + step;
          }
          from[at] = best;
          out[at] = x[best];
        }
      }
    }
  }
  return { out, from };
}
