import { type Block, type KernelTable, type Spec, sameShape, sizeOf } from '@wengert/core/functions';
import { addressOf, loopFor, makeOnHeap, onHeap } from '../access.ts';
import { sumOfBlocks } from '../reductions/blockSums.ts';
import { standardRows, standardRowsGrad } from './normLoop.ts';

/** Shorter rows cost less in ops of their own. */
const SHORTEST = 4;
const BYTES = 4;
/** Sums over more rows are sums of sums, which lose fewer digits. */
const ROWS = 64;

/** The rows and columns of x as it is normalised, if it lies so and each parameter has the shape of a row. */
function rowsOf({ shape, dtype }: Block, axes: readonly number[], parameters: readonly Spec[]): number[] | null {
  const own = shape.slice(axes[0]);
  const columns = sizeOf(own);
  const fit = own.length === axes.length && parameters.every((one) => sameShape(one.shape, own));
  if (dtype !== 'float32' || columns < SHORTEST || !fit) return null;
  return [sizeOf(shape) / columns, columns];
}

/** Normalisation of float32 along contiguous rows. */
export const norm: KernelTable = {
  layerNorm: onHeap(([x, ...others], attrs, [out]) => {
    const lines = rowsOf(x, attrs.axes, others);
    if (lines === null) return null;
    const { epsilon, centred, scale, offset } = attrs;
    const [result, to] = makeOnHeap(out);
    const loop = loopFor(`norm${centred}${scale}${offset}`, () => standardRows(attrs));
    loop(...lines, epsilon, addressOf(x), to, ...others.map(addressOf));
    return [result];
  }),

  layerNormGrad: onHeap(([g, x, factors], { axes, epsilon, centred, scale, offset }, outputs) => {
    const lines = rowsOf(x, axes, outputs.slice(1));
    if (lines === null) return null;
    const [rows, columns] = lines;
    const made = outputs.map(makeOnHeap);
    const [to, ...parameters] = made.map(([, address]) => address);
    const inputs = [addressOf(x), addressOf(g), to];
    const by = scale ? addressOf(factors) : 0;
    const key = `normGrad${centred}${scale}${offset === null}`;
    const loop = loopFor(key, () => standardRowsGrad({ centred, scale, offset: offset !== null }));
    sumOfBlocks(parameters, columns, rows, ROWS, (row, count, sums) => {
      const places = inputs.map((address) => address + row * columns * BYTES);
      loop(count, columns, epsilon, ...places, by, ...sums);
    });
    return made.map(([result]) => result);
  }),
};
