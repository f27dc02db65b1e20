import { type Apply, type Expression, lower, type Operation } from '@wengert/fusion';

/** The GLSL of a float that the language has no literal for, or one. */
export function literal(value: number): string {
  if (Number.isNaN(value)) return 'wQuiet()';
  if (!Number.isFinite(value)) return value > 0 ? 'wInfinity()' : '(-wInfinity())';
  const digits = String(Math.abs(value));
  const float = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return value < 0 || Object.is(value, -0) ? `(-${float})` : float;
}

/** Operations on floats, and on ints that floats hold; functions with accurate code of our own by their names. */
const OPERATIONS: { readonly [op in Operation]?: string | readonly [float: string, int: string] } = {
  add: 'x + y',
  sub: 'x - y',
  mul: 'x * y',
  div: 'x / y',
  mod: ['wMod(x, y)', 'wIntMod(x, y)'],
  floorDiv: ['wFloorDiv(x, y)', 'wIntFloorDiv(x, y)'],
  min: ['wMin(x, y)', 'min(x, y)'],
  max: ['wMax(x, y)', 'max(x, y)'],
  neg: '-x',
  abs: 'abs(x)',
  floor: 'floor(x)',
  ceil: 'ceil(x)',
  roundEven: 'roundEven(x)',
  bitAnd: 'float(int(x) & int(y))',
  pow: 'wPow(x, y)',
  atan2: 'wAtan2(x, y)',
  less: 'x < y',
  lessEqual: 'x <= y',
  equal: 'x == y',
  and: 'x && y',
  or: 'x || y',
  not: '!x',
  select: 'x ? y : z',
};

const CANCELS: ReadonlySet<Operation> = new Set(['sub', 'div']);

function text({ op, type, args }: Apply): string {
  if (op === 'cast') return castText(args[0].type, type);
  if (op === 'select' && type === 'float') return choice(args);
  const found = OPERATIONS[op] ?? `w${op[0].toUpperCase()}${op.slice(1)}(x)`;
  return typeof found === 'string' ? found : found[type === 'int' ? 1 : 0];
}

/** Compilers take a choice between what was compared for a minimum or a maximum, which may lose NaN. */
function choice([condition, ...branches]: Apply['args']): string {
  if (condition.kind !== 'apply' || !condition.args.every((x) => branches.some((y) => isSame(x, y))))
    return 'x ? y : z';
  const variables = ['y', 'z'].filter((_, i) => branches[i].kind !== 'constant');
  return `x${variables.map((name) => ` && !wNan(${name})`).join('')} ? y : z`;
}

function isSame(x: Expression, y: Expression): boolean {
  return x === y || (x.kind === 'constant' && y.kind === 'constant' && Object.is(x.value, y.value));
}

function castText(from: Expression['type'], to: Expression['type']): string {
  if (from === 'bool') return 'wTruth(x)';
  if (to === 'bool') return from === 'int' ? 'x != 0.0' : 'x != 0.0 || wNan(x)';
  // An int32 has no -0, but its texel may have one.
  return to === 'int' ? 'wToInt(x)' : 'x == 0.0 ? 0.0 : x';
}

/** The GLSL type in which a scalar is computed: ints are held in floats. */
export function glslType(type: Expression['type']): 'bool' | 'float' {
  return type === 'bool' ? 'bool' : 'float';
}

/**
 * Appends the statements that compute an expression to `code`, and returns the name of its value. `inputs` are names or
 * literals, in the types of `glslType`; new names begin with `prefix`.
 */
export function statements(body: Expression, inputs: readonly string[], code: string[], prefix: string): string {
  let count = 0;
  return lower<string>(body, inputs, {
    constant: ({ value, type }) => (type === 'bool' ? String(value !== 0) : literal(value)),
    apply(node, args) {
      const name = `${prefix}x${count++}`;
      const [x, y, z] = args;
      // Compilers know x - x and x / x of all numbers, but not of infinities and NaN.
      const values = { x, y: x === y && CANCELS.has(node.op) ? `wOpaque(${y})` : y, z };
      const value = text(node).replaceAll(/\b[xyz]\b/g, (variable) => values[variable as 'x' | 'y' | 'z']);
      code.push(`${glslType(node.type)} ${name} = ${value};`);
      return name;
    },
  });
}
