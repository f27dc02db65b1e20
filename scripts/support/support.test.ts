import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../packages.ts';
import { supportPage, supportSummary, withSummary } from './pages.ts';
import { type Support, survey } from './survey.ts';

const found: readonly Support[] = [
  { name: 'a', routes: { cpu: 'kernel', webgl: 'fallback' }, differentiable: true },
  { name: 'b', routes: { cpu: 'kernel', webgl: 'composed' }, differentiable: false },
];

it('writes one row for each function', () => {
  expect(supportPage(found)).toContain(
    '| `a` | kernel | fallback | to any order |\n| `b` | kernel | composed | no |\n',
  );
});

it('counts the routes of each backend', () => {
  expect(supportSummary(found).split('\n').slice(2)).toEqual(['| `cpu` | 2 | 0 | 0 |', '| `webgl` | 0 | 1 | 1 |']);
});

it('puts the summary between its marks', () => {
  const readme = 'a\n<!-- support -->\nold\n<!-- /support -->\nb';
  expect(withSummary(readme, 'new')).toBe('a\n<!-- support -->\n\nnew\n\n<!-- /support -->\nb');
  expect(() => withSummary('a', 'new')).toThrow('missing');
});

it('finds the tables in docs/support.md and README.md as they are: `npm run support` writes them', {
  timeout: 60_000,
}, async () => {
  const now = await survey();
  const routes = new Map(now.map((support) => [support.name, support]));
  expect(routes.get('matMul')).toMatchObject({ routes: { cpu: 'kernel', webgl: 'kernel' }, differentiable: true });
  expect(routes.get('argMax')?.differentiable).toBe(false);
  expect(readFileSync(join(root, 'docs/support.md'), 'utf8')).toBe(supportPage(now));
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  expect(readme).toBe(withSummary(readme, supportSummary(now)));
});
