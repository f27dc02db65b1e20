import '@wengert/backend-cpu';
import '@wengert/backend-reference';
import { setBackend } from '@wengert/core';
import { expect, it } from 'vitest';
import { programs } from './programs.ts';
import { programsSuite } from './programsSuite.ts';
import { walkThrough } from './walkThrough.ts';

programsSuite('reference', 14);
programsSuite('cpu', 6);

it('the walk through them shows every title, number and explanation', async () => {
  await setBackend('cpu');
  const lines: string[] = [];
  walkThrough((line) => lines.push(line));
  const text = lines.join('\n');
  for (const { title, explanation } of programs) {
    expect(text).toContain(title);
    expect(text).toContain(explanation);
  }
  expect(text).toContain('dz/dx: [[8, 8], [8, 8]]');
  expect(text).toMatch(/d²y\/dx²: 0\.7324\d+\n/);
});
