import { type Block, type Shape, sizeOf } from '@wengert/core/functions';

/** The attributes of a pooling of [batch, ...spatial, channels], one entry for each spatial axis. */
export interface Pool {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads?: readonly (readonly [number, number])[];
}

/** Where the windows of a pooling lie, the same for every image. */
export interface PoolTable {
  readonly images: number;
  readonly channels: number;
  /** The elements of one image. */
  readonly size: number;
  /** The elements of a window. */
  readonly window: number;
  /** For each window, row by row: how many of its elements lie in the image, and where these are. */
  readonly entries: Int32Array;
}

/** What was asked for last: programs pool the same shapes again and again. */
const known: Map<string, PoolTable> = /* @__PURE__ */ new Map();
const KNOWN = 8;

/** The windows over `x` for a pooling to the shape `out`. */
export function poolTable(x: Block, out: Shape, attrs: Pool): PoolTable {
  const key = JSON.stringify([x.shape, out, attrs.window, attrs.strides, attrs.dilations, attrs.pads]);
  const table = known.get(key) ?? laidOut(x, out, attrs);
  known.delete(key);
  known.set(key, table);
  for (const oldest of known.keys()) {
    if (known.size <= KNOWN) break;
    known.delete(oldest);
  }
  return table;
}

function laidOut({ shape }: Block, out: Shape, attrs: Pool): PoolTable {
  const channels = shape[shape.length - 1];
  const spatial = shape.slice(1, -1);
  const window = sizeOf(attrs.window);
  const grid = out.slice(1, -1);
  const positions = sizeOf(grid);
  const axes = spatial.map((length, i) => {
    const low = attrs.pads?.[i][0] ?? 0;
    const step = sizeOf(spatial.slice(i + 1)) * channels;
    return Array.from({ length: grid[i] }, (_, at) => {
      const places: number[] = [];
      for (let tap = 0; tap < attrs.window[i]; tap++) {
        const place = at * attrs.strides[i] - low + tap * attrs.dilations[i];
        if (place >= 0 && place < length) places.push(place * step);
      }
      return places;
    });
  });
  const entries = new Int32Array(positions * (window + 1));
  let end = 0;
  const index = grid.map(() => 0);
  for (let position = 0; position < positions; position++) {
    const start = end++;
    const lay = (axis: number, offset: number): void => {
      if (axis === axes.length) entries[end++] = offset;
      else for (const place of axes[axis][index[axis]]) lay(axis + 1, offset + place);
    };
    lay(0, 0);
    entries[start] = end - start - 1;
    for (let axis = axes.length - 1; axis >= 0 && ++index[axis] === grid[axis]; axis--) index[axis] = 0;
  }
  return {
    images: shape[0],
    channels,
    size: sizeOf(shape.slice(1)),
    window,
    entries: entries.slice(0, end),
  };
}
