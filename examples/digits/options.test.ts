import { describe, expect, it } from 'vitest';
import { helpText, parseOptions, UsageError } from './options.ts';

describe('parseOptions', () => {
  it('has defaults for everything', () => {
    expect(parseOptions([])).toEqual({
      backend: 'cpu',
      epochs: 10,
      batch: 100,
      learningRate: 0.004,
      seed: 1,
      out: 'report',
      help: false,
    });
  });

  it('reads long and short options', () => {
    const args = [
      '--backend',
      'reference',
      '-e',
      '3',
      '--batch=32',
      '--learning-rate',
      '0.01',
      '-s',
      '0',
      '-o',
      'x',
      '-h',
    ];
    expect(parseOptions(args)).toEqual({
      backend: 'reference',
      epochs: 3,
      batch: 32,
      learningRate: 0.01,
      seed: 0,
      out: 'x',
      help: true,
    });
  });

  it.each([
    ['--backend=webgl', '--backend must be one of cpu, reference'],
    ['--epochs=0', '--epochs must be a whole number from 1 to 1000'],
    ['--epochs=1.5', '--epochs'],
    ['--batch=', '--batch must be'],
    ['--batch=9000', 'from 1 to 8000'],
    ['--learning-rate=fast', '--learning-rate must be a number above 0'],
    ['--learning-rate=0', '--learning-rate'],
    ['--seed=-1', '--seed must be a whole number, not negative'],
    ['--out=', '--out must be a path'],
    ['--momentum=1', '--momentum'],
    ['extra', 'extra'],
  ])('refuses %s', (arg, message) => {
    expect(() => parseOptions([arg])).toThrow(UsageError);
    expect(() => parseOptions([arg])).toThrow(message);
  });

  it('explains each of them', () => {
    for (const name of ['backend', 'epochs', 'batch', 'learning-rate', 'seed', 'out', 'help']) {
      expect(helpText()).toContain(`--${name}`);
    }
  });
});
