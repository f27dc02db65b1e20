import { readdirSync, readFileSync } from 'node:fs';
import { createReferenceBackend } from '@wengert/backend-reference';
import * as core from '@wengert/core';
import { observe } from '@wengert/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { declarations, exportedOps, sampledNames } from './declarations.ts';
import { familiesOf } from './families.ts';
import { callsOf } from './spaces.ts';
import { pull } from './suites/gradients.ts';
import { withTrial } from './trial.ts';

const exported: Readonly<Record<string, unknown>> = core;
const OPS = new URL('../../core/src/ops/', import.meta.url);

/** The exported functions and constants of the op files with the comments above them. */
function documented(): { name: string; doc: string; signature: string; source: string }[] {
  const files = readdirSync(OPS, { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!\.test)\.ts$/.test(name));
  return files.flatMap((file) => {
    const text = readFileSync(new URL(file, OPS), 'utf8');
    const matches = text.matchAll(
      /(?:\/\*\*((?:(?!\*\/).)*)\*\/\s*(?:\/\*[^*]*\*\/\s*)?)?^export (?:async )?(?:const|function) (\w+)([^)=]*)/gms,
    );
    return [...matches].map((match) => {
      const [all, doc = '', name, signature] = match;
      const start = match.index + all.length - name.length - signature.length;
      return { name, doc, signature, source: text.slice(start, start + 2000) };
    });
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
      for (const args of trial.run(() => declaration.samples(trial.generator))) await pull(trial, declaration, args);
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

  test('is reached by samples or their gradients', () => {
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

/** How many parameters a function has in the source: of constants, what their type says. */
function parametersOf(name: string): number {
  const { source } = docs.find((entry) => entry.name === name) ?? { source: '' };
  const [, type] = /^\w+: (Unary|Binary)/.exec(source) ?? [];
  if (type !== undefined) return type === 'Unary' ? 1 : 2;
  let depth = 0;
  let list = '';
  for (const sign of source.slice(source.indexOf('(')).replaceAll('=>', '')) {
    depth += '([{<'.includes(sign) ? 1 : ')]}>'.includes(sign) ? -1 : 0;
    if (depth === 0) break;
    list += depth === 1 ? sign : '';
  }
  return list.split(',').filter((parameter) => /\w/.test(parameter)).length;
}

describe.each(declarations())('the generated calls of $name', (declaration) => {
  test('are declared, or those of its family', () => {
    expect(callsOf(declaration)).toBeDefined();
  });

  test('are declared where it has attributes that its family does not vary', () => {
    const { elementwise, reduction } = familiesOf(declaration);
    const varied = declaration.space ? Infinity : (elementwise ?? (reduction ? 3 : 0));
    expect(parametersOf(declaration.name)).toBeGreaterThan(0);
    expect(parametersOf(declaration.name)).toBeLessThanOrEqual(varied);
  });
});

test('what takes tensors and is documented with an example has samples', () => {
  const functions = docs.filter(
    ({ doc, signature }) => doc.includes('@example') && /TensorLike|Unary|Binary/.test(signature),
  );
  expect(functions.length).toBeGreaterThan(100);
  expect(functions.map(({ name }) => name).filter((name) => !sampledNames().includes(name))).toEqual([]);
});
