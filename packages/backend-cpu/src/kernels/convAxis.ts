/** The attributes of a convolution, one entry for each spatial axis. */
export interface Windows {
  readonly strides: readonly number[];
  readonly pads: readonly (readonly [number, number])[];
  readonly dilations: readonly number[];
  readonly inputDilations: readonly number[];
}

/** Every `step`-th index from `first` on. */
export interface Progression {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** What one spatial axis of the filter sees. */
export interface ConvAxis {
  readonly outputs: Progression;
  readonly taps: Progression;
  readonly length: number;
  /** For each output and each tap the position in x, or -1 for a zero. */
  readonly positions: Int32Array;
  /** The position that the first output sees by its first tap, be it in x or not. */
  readonly start: number;
  /** How far the position moves from one output to the next, and from one tap to the next. */
  readonly advance: number;
  readonly spread: number;
  /** For each tap the outputs, from the first to before the second, whose position is in x. */
  readonly ranges: Int32Array;
}

/** An axis that is not there. */
export const NO_AXIS: ConvAxis = axisOf(all(1), all(1), 1, 1, 1, 0, 1);

/**
 * The axis in parts whose outputs all see the same taps, each without the taps that only ever meet zeros between the
 * elements of a dilated input: of the gradients of a convolution with stride s they are all but 1/s along each axis.
 */
export function axisParts(outputs: number, taps: number, length: number, windows: Windows, i: number): ConvAxis[] {
  const [stride, dilation, low, every] = [
    windows.strides[i],
    windows.dilations[i],
    windows.pads[i][0],
    windows.inputDilations[i],
  ];
  const period = every / divisor(stride, every);
  const tapStep = every / divisor(dilation, every);
  const parts: ConvAxis[] = [];
  for (let phase = 0; phase < Math.min(period, outputs); phase++) {
    let first = 0;
    while (first < tapStep && (phase * stride + first * dilation - low) % every !== 0) first++;
    const fitting = first === tapStep ? 0 : Math.max(0, Math.ceil((taps - first) / tapStep));
    parts.push(
      axisOf(
        { first: phase, step: period, count: Math.ceil((outputs - phase) / period) },
        { first, step: tapStep, count: fitting },
        length,
        stride,
        dilation,
        low,
        every,
      ),
    );
  }
  return parts;
}

function axisOf(
  outputs: Progression,
  taps: Progression,
  length: number,
  stride: number,
  dilation: number,
  low: number,
  every: number,
): ConvAxis {
  const positions = new Int32Array(outputs.count * taps.count);
  const ranges = new Int32Array(2 * taps.count);
  for (let o = 0; o < outputs.count; o++) {
    for (let k = 0; k < taps.count; k++) {
      const at = (outputs.first + o * outputs.step) * stride + (taps.first + k * taps.step) * dilation - low;
      const inside = at >= 0 && at <= (length - 1) * every && at % every === 0;
      positions[o * taps.count + k] = inside ? at / every : -1;
      if (!inside) continue;
      if (ranges[2 * k + 1] === 0) ranges[2 * k] = o;
      ranges[2 * k + 1] = o + 1;
    }
  }
  const start = (outputs.first * stride + taps.first * dilation - low) / every;
  const [advance, spread] = [(outputs.step * stride) / every, (taps.step * dilation) / every];
  return { outputs, taps, length, positions, start, advance, spread, ranges };
}

function all(count: number): Progression {
  return { first: 0, step: 1, count };
}

/** The greatest common divisor. */
function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
