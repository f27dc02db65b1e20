import { ArgumentError, ShapeError } from './errors.ts';
import { reshaped } from './ops/reshape.ts';
import { permuted } from './ops/transpose.ts';
import { showShape } from './shape.ts';
import type { Tensor } from './tensor.ts';

/** tfjs's names of the order of an image's axes. */
export type DataFormat = 'NHWC' | 'NCHW';

/** tfjs's names of the order of a sequence's axes. */
export type DataFormat1d = 'NWC' | 'NCW';

/** tfjs's names of the order of a volume's axes. */
export type DataFormat3d = 'NDHWC' | 'NCDHW';

/** One image, sequence or volume or a batch of them, in the order that ops compute in. */
export interface ImageBatch {
  /** [batch, ...spatial, channels]. */
  readonly images: Tensor;
  readonly channelsFirst: boolean;
  /** A result of that order as the caller wants it: in the input's order, and without a batch where there was none. */
  restore(y: Tensor): Tensor;
}

const FORMATS: readonly (readonly [last: string, first: string])[] = [
  ['NWC', 'NCW'],
  ['NHWC', 'NCHW'],
  ['NDHWC', 'NCDHW'],
];

/** Reads `x`, with `spatial` axes beside the channels and perhaps a batch, in the order that `dataFormat` names. */
export function imageBatch(op: string, x: Tensor, spatial: number, dataFormat: string): ImageBatch {
  const [last, first] = FORMATS[spatial - 1];
  if (dataFormat !== last && dataFormat !== first) {
    throw new ArgumentError(`${op}: dataFormat must be '${last}' or '${first}', got ${String(dataFormat)}`);
  }
  if (x.rank !== spatial + 1 && x.rank !== spatial + 2) {
    throw new ShapeError(
      `${op}: x of shape ${showShape(x.shape)} must be one image of ${spatial + 1} axes or a batch of ${spatial + 2}`,
    );
  }
  const batched = x.rank === spatial + 2;
  const batch = batched ? x : reshaped(x, [1, ...x.shape]);
  const channelsFirst = dataFormat === first;
  const axesFrom = (start: number): number[] => Array.from({ length: spatial }, (_, i) => start + i);
  return {
    channelsFirst,
    images: channelsFirst ? permuted(batch, [0, ...axesFrom(2), 1]) : batch,
    restore(y) {
      const ordered = channelsFirst ? permuted(y, [0, spatial + 1, ...axesFrom(1)]) : y;
      return batched ? ordered : reshaped(ordered, ordered.shape.slice(1));
    },
  };
}
