import * as core from '@wengert/core';
import { type Declaration, type Op, registeredOps, type Tensor } from '@wengert/core';
import * as samples from '@wengert/core/samples';
import { tensorsIn } from './trees.ts';

const exported: Readonly<Record<string, unknown>> = core;
const sampled: Readonly<Record<string, unknown>> = samples;
const SUFFIX = 'Samples';
const BAD = 'BadSamples';
const SPACE = 'Space';

/** The names for which core has samples. */
export function sampledNames(): string[] {
  const names = Object.keys(sampled).filter((name) => name.endsWith(SUFFIX) && !name.endsWith(BAD));
  return names.map((name) => name.slice(0, -SUFFIX.length));
}

/**
 * Every public op: core's, paired with their samples by name, and those that other packages registered.
 * @example
 * console.log(declarations().some(({ name }) => name === 'matMul')); // true
 */
export function declarations(): Declaration[] {
  return [...sampledNames().flatMap(builtIn), ...registeredOps()];
}

/** That samples belong to no function is for the test of the registry to say. */
function builtIn(name: string): Declaration[] {
  const f = exported[name];
  if (typeof f !== 'function') return [];
  const samples = sampled[`${name}${SUFFIX}`] as Declaration['samples'];
  const bad = sampled[`${name}${BAD}`] as Declaration['badSamples'];
  const space = sampled[`${name}${SPACE}`] as Declaration['space'];
  return [{ name, f: f as Declaration['f'], samples, ...(bad && { badSamples: bad }), ...(space && { space }) }];
}

/** The tensors that a public function returns at once: none where it makes a promise, however that ends. */
export function outputsAtOnce({ f }: Pick<Declaration, 'f'>, args: readonly unknown[]): Tensor[] {
  const result = f(...(args as never[]));
  if (result instanceof Promise) result.catch(() => undefined);
  return tensorsIn(result);
}

/** The op behind a public function: its own, or the internal one of the same name. */
export function opOf({ name, f }: Pick<Declaration, 'name' | 'f'>): Op | undefined {
  return opIn(f) ?? opIn(exported[`${name}Op`]);
}

/** All ops that core exports, by export name. */
export function exportedOps(): [exportName: string, op: Op][] {
  return Object.entries(exported).flatMap(([name, value]): [string, Op][] => {
    const op = opIn(value);
    return op === undefined ? [] : [[name, op]];
  });
}

function opIn(f: unknown): Op | undefined {
  return typeof f === 'function' && 'op' in f ? (f.op as Op) : undefined;
}
