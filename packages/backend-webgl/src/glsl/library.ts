import { access } from './access.ts';
import { elementary } from './elementary.ts';
import type { Functions } from './functions.ts';
import { hyperbolic } from './hyperbolic.ts';
import { integers } from './integers.ts';
import { trigonometry } from './trigonometry.ts';

const FUNCTIONS: Functions = { ...access, ...elementary, ...hyperbolic, ...trigonometry, ...integers };

/** The functions of the library that `glsl` uses, each after those that it uses itself. */
export function library(glsl: string): string {
  const found = new Set<string>();
  const visit = (text: string): void => {
    for (const [name] of text.matchAll(/\bw[A-Z]\w*/g)) {
      if (found.has(name) || !(name in FUNCTIONS)) continue;
      // The definition of a function mentions its own name.
      visit(FUNCTIONS[name].replaceAll(new RegExp(`\\b${name}\\b`, 'g'), ''));
      found.add(name);
    }
  };
  visit(glsl);
  return [...found].map((name) => `${FUNCTIONS[name].trim()}\n`).join('');
}
