import { readFileSync } from 'node:fs';
import type { DType } from '@wengert/core';
import { build, type Plugin } from 'esbuild';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import * as own from './sources.ts';

/** What coverage tools do to sources: every function counts its calls, and every expression that is returned. */
const counting: Plugin = {
  name: 'counting',
  setup({ onLoad }) {
    const count = (): ts.Expression => ts.factory.createIdentifier('globalThis.calls = (globalThis.calls ?? 0) + 1');
    const visit = (node: ts.Node): ts.Node => {
      const seen = ts.visitEachChild(node, visit, undefined);
      if (ts.isArrowFunction(seen) && !ts.isBlock(seen.body)) {
        const body = ts.factory.createParenthesizedExpression(
          ts.factory.createComma(ts.factory.createParenthesizedExpression(count()), seen.body),
        );
        return ts.factory.updateArrowFunction(
          seen,
          undefined,
          undefined,
          seen.parameters,
          undefined,
          seen.equalsGreaterThanToken,
          body,
        );
      }
      if (!ts.isBlock(seen)) return seen;
      return ts.factory.createBlock([ts.factory.createExpressionStatement(count()), ...seen.statements]);
    };
    onLoad({ filter: /\/(fusion|backend-webgl)\/src\/.*\.ts$/ }, ({ path }) => {
      const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
      });
      const file = ts.createSourceFile(path, outputText, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
      const { transformed } = ts.transform(file, [() => (root) => visit(root) as ts.SourceFile]);
      return { contents: ts.createPrinter().printFile(transformed[0]), loader: 'js' };
    });
  },
};

/** Imports the sources after a bundler has been over them. */
async function bundled(options: object): Promise<typeof own> {
  const { outputFiles } = await build({
    entryPoints: [`${import.meta.dirname}/sources.ts`],
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['@wengert/source'],
    ...options,
  });
  return (await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  )) as typeof own;
}

/** The GLSL of every formula, for every dtype that it has one for. */
function allSources({ formulaOf, formulaSource, pointwiseOps }: typeof own): Record<string, string> {
  const found: Record<string, string> = {};
  for (const op of pointwiseOps) {
    for (const dtype of ['float32', 'int32', 'bool'] as const satisfies readonly DType[]) {
      for (const out of [dtype, 'bool'] as const) {
        const inputs = [[dtype], [dtype, dtype], ['bool', dtype, dtype]] as const;
        for (const formula of inputs.map((dtypes) => formulaOf(op, dtypes, out))) {
          if (formula !== undefined) found[formula.key] = formulaSource(formula);
        }
      }
    }
  }
  return found;
}

describe('the GLSL of every formula is the same', () => {
  const expected = allSources(own);

  it('from the sources, which have all of it', () => {
    expect(Object.keys(expected).length).toBeGreaterThan(60);
    expect(expected['relu f>f']).toContain('bool sx0 = x0 <= 0.0;\nfloat sx1 = sx0 && !wNan(x0) ? 0.0 : x0;');
    expect(expected['exp f>f']).toMatch(/^bool wNan[\s\S]*\nfloat wExpSum[\s\S]*\nfloat wExp\(/);
  });

  it.each([
    ['bundling', {}],
    ['minifying', { minify: true }],
    ['minifying with the names kept', { minify: true, keepNames: true, target: 'es2018' }],
    ['counting calls', { plugins: [counting] }],
    ['counting calls and minifying', { plugins: [counting], minify: true, keepNames: true }],
  ])('after %s', async (_, options) => {
    expect(allSources(await bundled(options))).toEqual(expected);
  });

  it('where counting did count', async () => {
    allSources(await bundled({ plugins: [counting] }));
    expect(Reflect.get(globalThis, 'calls')).toBeGreaterThan(1000);
  });
});
