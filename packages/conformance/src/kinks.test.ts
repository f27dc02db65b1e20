import { expect, test } from 'vitest';
import { declarations } from './declarations.ts';
import { KINKS } from './kinks.ts';

test('every kink belongs to a declared op, under whose name it is checked', () => {
  const declared = declarations().map(({ name }) => name);
  expect(declared).toEqual(expect.arrayContaining(KINKS.map(({ op }) => op)));
});
