import { type Declaration, type Shape, showShape, sizeOf } from '@wengert/core';
import fc from 'fast-check';
import { require } from '../errors.ts';
import { familiesOf, leadingTensors } from '../families.ts';
import { checkSameOutputs } from './sameOutputs.ts';
import { floatsOf, type OpSuite, type Subject } from './suite.ts';

/** Around nothing, one element, a vector of four, and powers of two. */
const LENGTHS = [0, 1, 1, 2, 3, 4, 5, 7, 8, 63, 64, 65, 1025];
const RUNS = 10;
const LARGEST = 5000;

/** One call: the shapes of the tensors, and the arguments after them where they are drawn too. */
interface Call {
  readonly shapes: readonly Shape[];
  readonly rest?: readonly unknown[];
}

const shape: fc.Arbitrary<number[]> = fc
  .array(fc.constantFrom(...LENGTHS), { maxLength: 4 })
  .filter((lengths) => sizeOf(lengths) <= LARGEST);

/** Two shapes that broadcast to one: leading axes left out, and lengths put to 1, on either side. */
const broadcasting: fc.Arbitrary<Call> = fc
  .tuple(
    shape,
    fc.array(fc.constantFrom('both', 'both', 'left', 'right'), { minLength: 4, maxLength: 4 }),
    fc.nat(4),
    fc.boolean(),
  )
  .map(([lengths, from, dropped, left]) => {
    const side = (name: string): number[] => lengths.map((n, i) => (from[i] === 'both' || from[i] === name ? n : 1));
    const [a, b] = [side('left'), side('right')];
    return { shapes: left ? [a.slice(dropped), b] : [a, b.slice(dropped)] };
  });

const reducing: fc.Arbitrary<Call> = fc
  .tuple(shape, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.boolean())
  .map(([lengths, chosen, keepDims]) => {
    const axes = lengths.flatMap((_, i) => (chosen[i] ? [chosen[(i + 1) % 4] ? i : i - lengths.length] : []));
    return { shapes: [lengths], rest: [axes, keepDims] };
  });

/** How an op is called, at random and in any case. */
interface Calls {
  readonly random: fc.Arbitrary<Call>;
  readonly always: readonly Call[];
}

const UNARY: Calls = {
  random: shape.map((lengths) => ({ shapes: [lengths] })),
  always: [{ shapes: [[1025]] }, { shapes: [[]] }, { shapes: [[2, 0, 3]] }],
};

const BINARY: Calls = {
  random: broadcasting,
  always: [{ shapes: [[1025], [1025]] }, { shapes: [[65, 1], [64]] }, { shapes: [[], [7]] }, { shapes: [[0, 1], [3]] }],
};

const REDUCTION: Calls = {
  random: reducing,
  always: [
    { shapes: [[2, 1025]], rest: [[1], false] },
    { shapes: [[1025, 2]], rest: [[0], true] },
    { shapes: [[]], rest: [[], false] },
  ],
};

function callsOf(declaration: Declaration): Calls | undefined {
  const { elementwise, reduction } = familiesOf(declaration);
  return elementwise === 1 ? UNARY : elementwise === 2 ? BINARY : reduction ? REDUCTION : undefined;
}

/** Elementwise ops and reductions on random shapes and axes, with broadcasting, in the backend's own float. */
export const shapes: OpSuite = {
  name: 'shapes',
  applies: (declaration) => callsOf(declaration) !== undefined,
  async check(subject, declaration) {
    const { random, always } = callsOf(declaration) ?? UNARY;
    await fc.assert(
      fc.asyncProperty(random, (drawn) => checkCall(subject, declaration, drawn)),
      { numRuns: RUNS, seed: 1, endOnFailure: true, examples: always.map((call): [Call] => [call]) },
    );
  },
};

async function checkCall(subject: Subject, declaration: Declaration, { shapes: drawn, rest }: Call): Promise<void> {
  const what = `${declaration.name} of shapes ${drawn.map(showShape).join(', ')}`;
  await checkSameOutputs(subject, floatsOf(subject.backend)[0], declaration.name, what, (trial) => {
    const sample = trial.run(() => leadingTensors(declaration, trial.generator, drawn.length));
    require(sample !== undefined, () => `${declaration.name}: no sample begins with ${drawn.length} tensors`);
    const args = trial.run(() => sample.make(drawn));
    return trial.call(declaration, rest === undefined ? args : [...args.slice(0, drawn.length), ...rest]);
  });
}
