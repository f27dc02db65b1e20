import { fence } from './fence.ts';
import type { Contestant } from './library.ts';
import type { Input, Program } from './programs.ts';

/** How one library stands at the start of a measurement. */
export interface Lane {
  readonly name: string;
  /** Runs the program `count` times and resolves when the GPU is done. Milliseconds. */
  compute(count: number): Promise<number>;
  /** Runs it once and reads the result. Milliseconds. */
  readback(): Promise<number>;
  /** The result after the program's first steps. */
  result(): Promise<ArrayLike<number>>;
}

/** The same numbers for every library: Park and Miller's generator. */
export function valuesOf(inputs: readonly Input[]): Float32Array[] {
  let state = 42;
  const next = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return inputs.map(({ shape, from, to, oneHot }) => {
    const size = shape.reduce((product, n) => product * n, 1);
    if (!oneHot) return Float32Array.from({ length: size }, () => from + (to - from) * next());
    const values = new Float32Array(size);
    for (let row = 0; row < size; row += shape[1]) values[row + Math.floor(next() * shape[1])] = 1;
    return values;
  });
}

export function laneOf<T>(
  { name, library, make, read, start, gl }: Contestant<T>,
  program: Program,
  values: readonly Float32Array[],
): Lane {
  const run = program.prepare(
    library,
    values.map((data, i) => make(data, program.inputs[i].shape)),
  );
  return {
    name,
    async compute(count) {
      if (gl === undefined) throw new Error(`${name} has no context`);
      const begin = performance.now();
      // Results are kept to the end, so that none is left out because nobody wants it.
      const results = Array.from({ length: count }, run);
      start();
      await fence(gl);
      const time = performance.now() - begin;
      for (const result of results) library.dispose(result);
      return time;
    },
    async readback() {
      const begin = performance.now();
      const result = run();
      await read(result);
      const time = performance.now() - begin;
      library.dispose(result);
      return time;
    },
    async result() {
      for (let i = 1; i < (program.steps ?? 1); i++) library.dispose(run());
      const result = run();
      const data = await read(result);
      library.dispose(result);
      return data;
    },
  };
}

/** The largest difference, relative to the largest element. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.NaN;
  let [worst, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return worst / largest;
}

/** Milliseconds of each library's samples, taken in turns until `budget` milliseconds are spent. */
export async function sample(
  lanes: readonly Lane[],
  take: (lane: Lane) => Promise<number>,
  budget: number,
): Promise<number[][]> {
  const samples: number[][] = lanes.map(() => []);
  const end = performance.now() + budget;
  for (let round = 0; round < 200 && (round < 7 || performance.now() < end); round++) {
    // Who comes first changes: the first one pays for what the other left behind.
    const order = round % 2 === 0 ? lanes : [...lanes].reverse();
    for (const lane of order) samples[lanes.indexOf(lane)].push(await take(lane));
  }
  return samples;
}
