// Writes docs/support.md and the summary in README.md from what the backends do. With --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packages.ts';
import { supportPage, supportSummary, withSummary } from './support/pages.ts';
import { survey } from './support/survey.ts';

const found = await survey();
const page = join(root, 'docs/support.md');
const readme = join(root, 'README.md');
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

for (const [path, text] of [
  [page, supportPage(found)],
  [readme, withSummary(read(readme), supportSummary(found))],
]) {
  if (read(path) === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} is stale: run 'npm run support'`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, text);
    console.log(`wrote ${path}`);
  }
}
