import { reportFused } from '@wengert/core/functions';
import { type GraphLimits, type Plan, PointwiseGraph, type ScalarType, type Target } from '@wengert/fusion';
import type { Known } from './bounds.ts';
import { glslType, statements } from './glsl/expressions.ts';
import { type ElementMap, type PreparedMap, prepareMap } from './map.ts';
import { type Device, MAX_INPUTS, namesOf } from './program.ts';
import type { GpuStorage } from './texture.ts';
import { upload } from './transfer.ts';

/** The pointwise ops of one backend that wait to be computed together. */
export type WebglGraph = PointwiseGraph<GpuStorage, Known>;

/** A graph whose plans are launches of the device. Without `fused`, every op is computed at once and by itself. */
export function webglGraph(device: Device, fused: boolean): WebglGraph {
  const limits: Partial<GraphLimits> = { inputs: MAX_INPUTS, smallest: fused ? 0 : Number.POSITIVE_INFINITY };
  return new PointwiseGraph<GpuStorage, Known>(target(device), limits);
}

function target(device: Device): Target<GpuStorage, Known> {
  const { context, pool } = device;
  return {
    launch(plan) {
      const { key, run } = prepared(device, plan);
      return { key, run: () => finish(plan, pool.attempt(opsOf(plan).join('+'), run)) };
    },
    scalar(value, type) {
      const bound = type === 'int' ? Math.max(1, Math.abs(value)) : 1;
      return pool.attempt('write', () => upload(context, pool, Float32Array.of(value), bound));
    },
    free: (storage) => pool.free(storage),
    info: (storage) => storage,
    evict(key) {
      for (const name of namesOf(key)) {
        const program = context.programs.get(name);
        context.programs.delete(name);
        context.gl.deleteProgram(program?.program ?? null);
        context.gl.deleteVertexArray(program?.vertices ?? null);
      }
    },
  };
}

function listOf({ size }: GpuStorage): { readonly shape: readonly number[]; readonly dtype: 'float32' } {
  return { shape: [size], dtype: 'float32' };
}

function opsOf({ steps }: Plan<GpuStorage, Known>): string[] {
  return steps.map(({ formula }) => formula.op);
}

function prepared(device: Device, plan: Plan<GpuStorage, Known>): PreparedMap {
  const { structure, inputs, accesses, scalars, outputs, size } = plan;
  const reads = accesses.map(({ input, view }) => ({ input, length: inputs[input].size, view }));
  const map: ElementMap = {
    key: structure,
    outputs: outputs.length,
    ints: scalars.map((_, i) => `k${i}`),
    values: scalars.map(({ value }) => bitsOf(value)),
    body: () => bodyOf(plan),
  };
  return prepareMap(device, map, inputs, reads, size);
}

/** Says what was computed, and gives the storages what was known of them before. */
function finish(plan: Plan<GpuStorage, Known>, storages: readonly GpuStorage[]): GpuStorage[] {
  const { steps, inputs, outputs } = plan;
  if (steps.length > 1) reportFused('webgl', opsOf(plan), inputs.map(listOf), storages.map(listOf));
  return storages.map((storage, k) => Object.assign(storage, { bound: outputs[k].node.info.bound }));
}

const FLOAT = new Float32Array(1);
const BITS = new Int32Array(FLOAT.buffer);

/** A float's bits: as uniforms they keep NaN and -0. */
function bitsOf(value: number): number {
  FLOAT[0] = value;
  return BITS[0];
}

/** What is stored and passed as a float, in the type in which it is computed. */
function typed(value: string, type: ScalarType): string {
  return type === 'bool' ? `(${value} != 0.0)` : value;
}

function bodyOf({ steps, accesses, scalars, outputs }: Plan<GpuStorage, Known>): string {
  const code: string[] = [];
  const names: string[] = [];
  for (const [number, { formula, args }] of steps.entries()) {
    const inputs = args.map(({ from, index }) => {
      if (from === 'step') return names[index];
      if (from === 'access') return typed(`x${index}`, accesses[index].type);
      return typed(`intBitsToFloat(k${index})`, scalars[index].type);
    });
    names.push(statements(formula.body, inputs, code, `s${number}`));
  }
  for (const [k, { step }] of outputs.entries()) {
    const isTruth = glslType(steps[step].formula.body.type) === 'bool';
    code.push(`y${k} = ${isTruth ? `wTruth(${names[step]})` : names[step]};`);
  }
  return code.join('\n');
}
