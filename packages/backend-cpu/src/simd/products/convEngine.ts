import { stridesOf, type TypedArray } from '@wengert/core/functions';
import type { ConvAxis } from '../../kernels/convAxis.ts';
import type { ConvEngine, Memory, Part } from '../../kernels/convParts.ts';
import { parts, perform, recorded, runTasks, threadCount } from '../../threads/tasks.ts';
import { heapView, scratch } from '../access.ts';
import { copyRows } from '../movement/transpose.ts';
import { functions } from './gemm.ts';
import { TILE_COLUMNS } from './panelLoop.ts';
import { FUNCTIONS } from './productLoop.ts';

const BYTES = 4;
/** A filter of more elements is packed, if it is read for so many outputs. */
const PACKED = { elements: 2 ** 13, outputs: 64 };
/** Images are seen together up to so many outputs, and so many elements. */
const TOGETHER = { rows: 2 ** 8, elements: 2 ** 16 };
/** Fewer multiplications are done before another thread has heard of them. */
const SHARED_FROM = 2 ** 20;

export class HeapMemory implements Memory {
  readonly address: number;
  readonly length: number;

  constructor(address: number, length: number) {
    this.address = address;
    this.length = length;
  }

  get data(): TypedArray {
    return heapView('float32', this.address, this.length);
  }
}

/** What the outputs of an axis see: so many positions, of which those from the first to before the last lie in x. */
interface Span {
  readonly start: number;
  readonly extent: number;
  readonly first: number;
  readonly last: number;
}

function spanOf({ start, advance, spread, outputs, taps, length }: ConvAxis): Span {
  const extent = (outputs.count - 1) * advance + (taps.count - 1) * spread + 1;
  const first = Math.min(Math.max(0, start), length);
  return { start, extent, first, last: Math.max(first, Math.min(length, start + extent)) };
}

/** Images in memory, and by how many bytes neighbours along each of their axes lie apart. */
interface Images {
  readonly address: number;
  readonly steps: readonly [image: number, plane: number, line: number, element: number];
}

function imagesAt(address: number, lengths: readonly number[], channels: number): Images {
  const [image, plane, line, element] = stridesOf([1, ...lengths, channels]).map((step) => step * BYTES);
  return { address, steps: [image, plane, line, element] };
}

/** The address of a place in an image. */
function placeIn({ address, steps }: Images, image: number, [plane, line, element]: readonly number[]): number {
  return address + image * steps[0] + plane * steps[1] + line * steps[2] + element * steps[3];
}

/** The integers `from` + the sum of i * step along each axis, row by row, as a table in memory. */
function table(counts: readonly number[], steps: readonly number[]): { readonly from: number; readonly end: number } {
  let offsets = [0];
  for (const [axis, count] of counts.entries()) {
    const next: number[] = [];
    for (const offset of offsets) for (let i = 0; i < count; i++) next.push(offset + i * steps[axis]);
    offsets = next;
  }
  const from = scratch(offsets.length * BYTES);
  heapView('int32', from, offsets.length).set(offsets);
  return { from, end: from + offsets.length * BYTES };
}

/** The filter [columns, outputs] as the loops read it: eight columns together, where that pays. */
function filterFor(
  address: number,
  columns: number,
  outputs: number,
  rows: number,
): [at: number, row: number, panel: number] {
  const row = outputs * BYTES;
  const panel = TILE_COLUMNS * BYTES;
  if (columns * outputs <= PACKED.elements || rows < PACKED.outputs || outputs <= TILE_COLUMNS)
    return [address, row, panel];
  const packed = scratch(columns * (outputs + TILE_COLUMNS) * BYTES);
  functions()[FUNCTIONS.packRight](packed, address, row, columns, outputs);
  return [packed, panel, panel * columns];
}

/** A part of the outputs: some images, and some rows of each. */
interface Share {
  readonly images: readonly [from: number, count: number];
  readonly rows: readonly [from: number, count: number];
}

/** What each thread does of so many images with so many outputs, which need so many multiplications. */
function sharesOf(images: number, rows: number, multiplications: number): Share[] {
  const count = multiplications < SHARED_FROM ? 1 : threadCount();
  if (images >= count) return parts(images, count, 1).map((share) => ({ images: share, rows: [0, rows] }));
  return parts(rows, count, 4).map((share) => ({ images: [0, images], rows: share }));
}

/** Products of a filter with what it sees of images, where they lie or in copies with zeros around them. */
export class Engine implements ConvEngine<HeapMemory> {
  scratch(length: number): HeapMemory {
    return new HeapMemory(scratch(length * BYTES), length);
  }

  multiply({ x, from, axes, images, channels, outputs, filter, filterFrom, product, to }: Part<HeapMemory>): void {
    const counts = axes.map((axis) => axis.outputs.count);
    const rows = counts.reduce((all, count) => all * count);
    const columns = axes.reduce((all, axis) => all * axis.taps.count, channels);
    if (columns === 0) {
      product.data.fill(0, to, to + images * rows * outputs);
      return;
    }
    const spans = axes.map(spanOf);
    const inside = spans.every(({ start, extent, first, last }) => start === first && last - first === extent);
    const lengths = inside ? axes.map(({ length }) => length) : spans.map(({ extent }) => extent);
    const size = lengths.reduce((all, length) => all * length, channels);
    const shares = sharesOf(images, rows, images * rows * columns * outputs);
    // Few outputs of an image are computed together with those of others.
    const most = Math.max(1, Math.min(Math.floor(TOGETHER.rows / rows), Math.floor(TOGETHER.elements / size)));
    const batch = shares[0].rows[1] < rows ? 1 : Math.min(most, shares[0].images[1]);

    const source = imagesAt(
      x.address + from * BYTES,
      axes.map(({ length }) => length),
      channels,
    );
    const frames = inside ? [] : shares.map(() => imagesAt(zeros(batch * size), lengths, channels));
    const { steps } = inside ? source : frames[0];
    const places = table([batch, ...counts], [steps[0], ...axes.map(({ advance }, i) => advance * steps[i + 1])]);
    const taps = axes.map((axis) => axis.taps.count);
    const spreads = axes.map(({ spread }, i) => spread * steps[i + 1]);
    const run = axes[2].spread === 1 || taps[2] === 1 ? taps[2] * channels : channels;
    const runs = table(run === channels ? taps : taps.slice(0, 2), spreads);
    const weights = filterFor(filter.address + filterFrom * BYTES, columns, outputs, images * rows);

    const work = ({ images: [firstImage, imageCount], rows: [firstRow, rowCount] }: Share, share: number): void => {
      for (let image = firstImage; image < firstImage + imageCount; image += batch) {
        const count = Math.min(batch, firstImage + imageCount - image);
        if (!inside) for (let i = 0; i < count; i++) enframe(source, image + i, spans, frames[share], i);
        const seen = inside
          ? placeIn(
              source,
              image,
              spans.map(({ start }) => start),
            )
          : frames[share].address;
        const place = product.address + (to + (image * rows + firstRow) * outputs) * BYTES;
        const m = count === 1 ? rowCount : count * rows;
        perform(
          functions()[FUNCTIONS.patchProduct],
          ...[place, seen, places.from + firstRow * BYTES, ...weights, m, outputs, run, runs.from, runs.end],
        );
      }
    };
    if (shares.length === 1) work(shares[0], 0);
    else runTasks(shares.map((share, i) => recorded(() => work(share, i))));
  }
}

function zeros(length: number): number {
  const address = scratch(length * BYTES);
  heapView('float32', address, length).fill(0);
  return address;
}

/** Copies what the windows see of an image into frame number `to`. */
function enframe(
  source: Images,
  image: number,
  [depth, height, width]: readonly Span[],
  frames: Images,
  to: number,
): void {
  const [rows, elements] = [height.last - height.first, width.last - width.first];
  if (elements === 0) return;
  const row = (elements * frames.steps[3]) / BYTES;
  for (let plane = depth.first; plane < depth.last; plane++) {
    const at = placeIn(source, image, [plane, height.first, width.first]);
    const into = placeIn(frames, to, [plane - depth.start, height.first - height.start, width.first - width.start]);
    perform(copyRows(), into, frames.steps[2], at, source.steps[2], rows, row);
  }
}
