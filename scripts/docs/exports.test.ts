import { describe, expect, it } from 'vitest';
import { readPackages } from '../packages.ts';
import { publicExports } from './publicExports.ts';

/** What `generate` makes public for kernels and tests; the function of the same name is documented. */
const INTERNAL = /(Op|Samples|Space)$/;

const exported = publicExports(readPackages()).filter(({ name }) => !INTERNAL.test(name));

describe('what the packages export', () => {
  it('finds functions and types', () => {
    const names = exported.map(({ name }) => name);
    expect(names).toContain('matMul');
    expect(names).toContain('Backend');
    expect(exported.find(({ name }) => name === 'matMul')?.callable).toBe(true);
  });

  it('is documented', () => {
    expect(exported.filter(({ documented }) => !documented).map(({ name, path }) => `${path}: ${name}`)).toEqual([]);
  });

  it('has an example where it is a function', () => {
    const without = exported.filter(({ callable, example }) => callable && !example);
    expect(without.map(({ name, path }) => `${path}: ${name}`)).toEqual([]);
  });
});
