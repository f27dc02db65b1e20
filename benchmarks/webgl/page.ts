import { float64, tfjsWebgl, wengertWebgl } from './contestants.ts';
import { renderer } from './fence.ts';
import { difference, type Lane, laneOf, sample, valuesOf } from './measure.ts';
import { programs } from './programs.ts';

/** Milliseconds of one library in one row. */
export interface Timing {
  readonly name: string;
  readonly compute: readonly number[];
  readonly readback: readonly number[];
  readonly error: number;
}

export interface Row {
  readonly name: string;
  readonly goal: number;
  readonly timings: readonly Timing[];
}

/** A batch takes about this long, so that waiting for its fence counts for little. Milliseconds. */
const BATCH = 40;

const wengert = await wengertWebgl();
const exact = await float64();
const tfjs = await tfjsWebgl();

async function measure(name: string, budget: number): Promise<Row> {
  const program = programs.find((one) => one.name === name);
  if (program === undefined) throw new Error(`No row is called ${name}`);
  const values = valuesOf(program.inputs);
  const expected = await laneOf(exact, program, values).result();
  const lanes = [laneOf(wengert, program, values), laneOf(tfjs, program, values)];
  const errors: number[] = [];
  for (const lane of lanes) {
    const error = difference(await lane.result(), expected);
    if (!(error <= program.tolerance)) throw new Error(`${name}: ${lane.name} is off by ${error}`);
    errors.push(error);
  }
  const count = await batchSize(lanes);
  const ops = program.ops ?? 1;
  const compute = await sample(lanes, async (lane) => (await lane.compute(count)) / count / ops, budget);
  const readback = await sample(lanes, async (lane) => (await lane.readback()) / ops, budget / 2);
  const timings = lanes.map((lane, i) => ({
    name: lane.name,
    compute: compute[i],
    readback: readback[i],
    error: errors[i],
  }));
  return { name, goal: program.goal, timings };
}

/** Runs that fill a batch, after enough of them to compile everything. */
async function batchSize(lanes: readonly Lane[]): Promise<number> {
  for (const lane of lanes) await lane.compute(8);
  const times: number[] = [];
  for (const lane of lanes) times.push((await lane.compute(4)) / 4);
  return Math.max(1, Math.min(64, Math.ceil(BATCH / Math.max(...times))));
}

const benchmark = { measure, names: programs.map(({ name }) => name), renderer: renderer(wengert.gl) };
export type Benchmark = typeof benchmark;
Object.assign(globalThis, { benchmark });
