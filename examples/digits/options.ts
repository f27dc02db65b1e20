import { parseArgs } from 'node:util';

/** The backends on which the digits can be learned. */
export const BACKENDS = ['cpu', 'reference'] as const;

/** What the command line asks for. */
export interface Options {
  readonly backend: (typeof BACKENDS)[number];
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly out: string;
  readonly help: boolean;
}

/** The command line is wrong; the message says what is wanted. */
export class UsageError extends Error {}

interface Option<T> {
  readonly short: string;
  readonly value: string;
  readonly initial: T;
  readonly meaning: string;
  /** Undefined where the text is not what is wanted. */
  readonly read: (text: string) => T | undefined;
  readonly wanted: string;
}

const within =
  (valid: (value: number) => boolean) =>
  (text: string): number | undefined => {
    const value = Number(text);
    return text.trim() !== '' && valid(value) ? value : undefined;
  };

const isWhole = (value: number): boolean => Number.isSafeInteger(value);

const backend: Option<Options['backend']> = {
  short: 'b',
  value: 'NAME',
  initial: 'cpu',
  meaning: 'backend that computes: cpu, or reference (float64, slower)',
  read: (text) => BACKENDS.find((name) => name === text),
  wanted: `one of ${BACKENDS.join(', ')}`,
};

const count = (short: string, initial: number, most: number, meaning: string): Option<number> => ({
  short,
  value: 'N',
  initial,
  meaning,
  read: within((value) => isWhole(value) && value >= 1 && value <= most),
  wanted: `a whole number from 1 to ${most}`,
});

const table = {
  backend,
  epochs: count('e', 10, 1000, 'passes over the training images'),
  batch: count('n', 100, 8000, 'images per step'),
  'learning-rate': {
    short: 'l',
    value: 'RATE',
    initial: 0.004,
    meaning: 'learning rate of Adam at the start; falls to 0 along a cosine',
    read: within((value) => value > 0 && value < Number.POSITIVE_INFINITY),
    wanted: 'a number above 0',
  },
  seed: {
    short: 's',
    value: 'N',
    initial: 1,
    meaning: 'seed of the shuffles, shifts and first weights',
    read: within((value) => isWhole(value) && value >= 0),
    wanted: 'a whole number, not negative',
  },
  out: {
    short: 'o',
    value: 'FOLDER',
    initial: 'report',
    meaning: 'where the report goes',
    read: (text) => text || undefined,
    wanted: 'a path',
  },
} satisfies Record<string, Option<string> | Option<number>>;

/** The options that `args` give, with the defaults for the rest. Throws `UsageError`. */
export function parseOptions(args: readonly string[]): Options {
  const values = parse(args);
  const get = <T>(name: keyof typeof table, { initial, read, wanted }: Option<T>): T => {
    const text = values[name];
    if (text === undefined) return initial;
    const value = read(String(text));
    if (value === undefined) throw new UsageError(`--${name} must be ${wanted}, got '${text}'`);
    return value;
  };
  return {
    backend: get('backend', table.backend),
    epochs: get('epochs', table.epochs),
    batch: get('batch', table.batch),
    learningRate: get('learning-rate', table['learning-rate']),
    seed: get('seed', table.seed),
    out: get('out', table.out),
    help: values.help === true,
  };
}

function parse(args: readonly string[]): Readonly<Record<string, string | boolean | undefined>> {
  const named = Object.entries(table).map(([name, { short }]) => [name, { type: 'string', short }] as const);
  const options = { ...Object.fromEntries(named), help: { type: 'boolean', short: 'h' } } as const;
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** What `--help` prints. */
export function helpText(): string {
  const rows = Object.entries(table).map(([name, { short, value, meaning, initial }]) => {
    return [`-${short}, --${name} ${value}`, `${meaning} (default: ${initial})`];
  });
  rows.push(['-h, --help', 'show this help']);
  const width = Math.max(...rows.map(([names]) => names.length));
  return [
    'Usage: npm start -- [options]',
    '',
    'Shows what a gradient tape does, then trains a network to read handwritten digits',
    'and writes a report of it as one HTML file.',
    '',
    ...rows.map(([names, meaning]) => `  ${names.padEnd(width)}  ${meaning}`),
  ].join('\n');
}
