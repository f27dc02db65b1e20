import type { BadSample, Draw, Generator } from './sampling.ts';

/** A public function with the samples by which the conformance suite checks it. */
export interface Declaration {
  readonly name: string;
  readonly f: (...args: never[]) => unknown;
  readonly samples: (generator: Generator) => readonly (readonly unknown[])[];
  /** How the arguments of generated calls vary; may be left out by functions of each element and by reductions. */
  readonly space?: (draw: Draw) => readonly unknown[];
  readonly badSamples?: (generator: Generator) => readonly BadSample<readonly unknown[]>[];
}

const declarations: Declaration[] = [];

/** Lets an op from outside core take part in conformance and gradient checks. Returns the undo. */
export function registerOp(declaration: Declaration): () => void {
  declarations.push(declaration);
  return () => {
    declarations.splice(declarations.indexOf(declaration), 1);
  };
}

/**
 * The ops that `registerOp` was told of.
 * @example
 * const undo = registerOp({ name: 'double', f: (x: Tensor) => x.mul(2), samples: ({ uniform }) => [[uniform([2])]] });
 * console.log(registeredOps().some(({ name }) => name === 'double')); // true
 * undo();
 */
export function registeredOps(): readonly Declaration[] {
  return [...declarations];
}
