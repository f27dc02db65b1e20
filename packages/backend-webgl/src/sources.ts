import type { Formula } from '@wengert/fusion';
import { glslType, statements } from './glsl/expressions.ts';
import { library } from './glsl/library.ts';

export { formulaOf, pointwiseOps } from '@wengert/fusion';

/** The GLSL of one formula with the functions that it calls: for tests of what tools do to sources. */
export function formulaSource({ body, inputs }: Formula): string {
  const code: string[] = [];
  const names = inputs.map((_, i) => `x${i}`);
  const result = statements(body, names, code, 's');
  const parameters = inputs.map((type, i) => `${glslType(type)} x${i}`);
  const glsl = `${glslType(body.type)} formula(${parameters.join(', ')}) {\n${code.join('\n')}\nreturn ${result};\n}`;
  return `${library(glsl)}${glsl}`;
}
