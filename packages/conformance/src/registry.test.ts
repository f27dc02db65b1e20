import { readdirSync, readFileSync } from 'node:fs';
import { createReferenceBackend } from '@wengert/backend-reference';
import * as core from '@wengert/core';
import { observe } from '@wengert/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { declarations, exportedOps, sampledNames } from './declarations.ts';
import { withTrial } from './trial.ts';

const exported: Readonly<Record<string, unknown>> = core;
const OPS = new URL('../../core/src/ops/', import.meta.url);

/** The exported functions and constants of the op files with the comments above them. */
function documented(): { readonly name: string; readonly doc: string; readonly signature: string }[] {
  const files = readdirSync(OPS, { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!\.test)\.ts$/.test(name));
  return files.flatMap((file) => {
    const text = readFileSync(new URL(file, OPS), 'utf8');
    const matches = text.matchAll(
      /(?:\/\*\*((?:(?!\*\/).)*)\*\/\s*(?:\/\*[^*]*\*\/\s*)?)?^export (?:async )?(?:const|function) (\w+)([^)=]*)/gms,
    );
    return [...matches].map(([, doc = '', name, signature]) => ({ name, doc, signature }));
  });
}

const docs = documented();
const docOf = (name: string): string => docs.find((entry) => entry.name === name)?.doc ?? '';
const dispatched = new Set<string>();

beforeAll(async () => {
  const backend = createReferenceBackend();
  const stop = observe(({ op }) => dispatched.add(op));
  for (const declaration of declarations()) {
    await withTrial(backend, 'float64', declaration.name, async (trial) => {
      for (const args of trial.run(() => declaration.samples(trial.generator))) await trial.call(declaration, args);
    });
  }
  stop();
});

describe.each(exportedOps())('the op exported as %s', (exportName, op) => {
  test('has its name', () => {
    expect([op.name, `${op.name}Op`]).toContain(exportName);
  });

  test('has a rule, or a decomposition, or is declared to have no derivative', () => {
    expect(op.rule !== undefined || op.compose !== undefined).toBe(true);
  });

  test('is reached by samples', () => {
    expect(op.shares === true || dispatched.has(op.name)).toBe(true);
  });
});

describe.each(sampledNames())('the function %s', (name) => {
  test('is exported', () => {
    expect(typeof exported[name]).toBe('function');
  });

  test('is documented, with an example', () => {
    expect(docOf(name)).toMatch(/\w.*@example\n/s);
  });
});

test('what takes tensors and is documented with an example has samples', () => {
  const functions = docs.filter(
    ({ doc, signature }) => doc.includes('@example') && /TensorLike|Unary|Binary/.test(signature),
  );
  expect(functions.length).toBeGreaterThan(100);
  expect(functions.map(({ name }) => name).filter((name) => !sampledNames().includes(name))).toEqual([]);
});
