import { type TensorLike, toTensor } from './convert.ts';
import { recordAs } from './dispatch.ts';
import { ArgumentError, GradientError } from './errors.ts';
import { describe } from './nested.ts';
import type { Cotangents, Op } from './op/op.ts';
import { closeRecorder, openRecorder, type Recorder, unrecorded } from './recorder.ts';
import { withScope } from './scope.ts';
import { makeTensor, Tensor } from './tensor.ts';
import { tensorsIn } from './tree.ts';
import { Variable } from './variable.ts';

/** Cotangents of the inputs alone, or with those of the variables that the function reads. */
export type CustomGradients =
  | Tensor
  | null
  | readonly (Tensor | null)[]
  | { readonly inputs: Tensor | null | readonly (Tensor | null)[]; readonly variables: readonly (Tensor | null)[] };

/** The value of a function and its pullback. `saved` are the tensors that were given to `save`. */
export interface CustomGradResult {
  readonly value: Tensor;
  readonly gradFunc: (dy: Tensor, saved: Tensor[], variables: Variable[]) => CustomGradients;
}

/** Keeps tensors for the pullback. */
export type GradSaveFunc = (tensors: readonly Tensor[]) => void;

/** Notes which trainable variables are read. */
export class ReadCollector implements Recorder {
  readonly opensComposites = false;
  readonly variables: Set<Variable> = new Set();

  tracks(input: Tensor): boolean {
    if (input.trainable && input instanceof Variable) this.variables.add(input);
    return false;
  }

  record(): void {
    // it tracks nothing, so nothing is recorded
  }

  /** Runs `f` unseen by all other recorders. */
  static collect<R>(f: () => R): { result: R; variables: Variable[] } {
    const collector = new ReadCollector();
    const result = unrecorded(() => {
      openRecorder(collector);
      try {
        return f();
      } finally {
        closeRecorder(collector);
      }
    });
    return { result, variables: [...collector.variables] };
  }
}

/**
 * A function with a gradient of its own. `f` gets its inputs and `save`, and returns its value and the pullback; nothing
 * that happens inside leaks a gradient. Where `f` reads trainable variables, the pullback must return
 * `{ inputs, variables }`. Higher derivatives differentiate the pullback; forward mode is a `GradientError`.
 * @example
 * const clipped = customGrad((x: Tensor, save: GradSaveFunc) => {
 *   save([x]);
 *   return { value: mul(x, x), gradFunc: (dy, [saved]) => mul(dy, minimum(saved, 1)) };
 * });
 * grad((x) => clipped(x))(5).print(); // 1
 */
export function customGrad(f: (x: Tensor, save: GradSaveFunc) => CustomGradResult): (x: TensorLike) => Tensor;
export function customGrad(
  f: (a: Tensor, b: Tensor, save: GradSaveFunc) => CustomGradResult,
): (a: TensorLike, b: TensorLike) => Tensor;
export function customGrad<F extends (...args: never[]) => CustomGradResult>(f: F): (...inputs: InputsOf<F>) => Tensor;
export function customGrad(f: (...args: never[]) => CustomGradResult): (...inputs: TensorLike[]) => Tensor {
  return (...given) => {
    const inputs = given.map((x) => toTensor('customGrad', x));
    const [value] = withScope(() => [run(f, inputs)], tensorsIn);
    return value;
  };
}

/** The tensors that a custom function takes, without `save`. */
type InputsOf<F> = F extends (...args: infer P) => unknown
  ? P extends [...infer I, GradSaveFunc]
    ? { [K in keyof I]: TensorLike }
    : { [K in keyof P]: TensorLike }
  : never;

function run(f: (...args: never[]) => CustomGradResult, inputs: readonly Tensor[]): Tensor {
  const saved: Tensor[] = [];
  const save: GradSaveFunc = (tensors) => {
    saved.push(...tensors);
  };
  const { result, variables } = ReadCollector.collect(() => f(...([...inputs, save] as never[])));
  if (!(result?.value instanceof Tensor) || typeof result.gradFunc !== 'function') {
    throw new ArgumentError(`customGrad: the function must return { value, gradFunc }, got ${describe(result)}`);
  }
  const { value, gradFunc } = result;
  const out = makeTensor(value, value.live('customGrad').retain());
  // A saved value is the connected one, so that derivatives of the pullback see it.
  const kept = saved.map((x) => (x === value ? out : x));
  const op: Op = {
    name: 'customGrad',
    saves: Array.from({ length: inputs.length + variables.length + kept.length }, (_, i) => i),
    infer: () => [out],
    rule: {
      vjp([dy], all) {
        if (dy === null) return [];
        const gradients = gradFunc(dy, all.slice(inputs.length + variables.length), variables);
        return customGradients(gradients, inputs.length, variables.length);
      },
      jvp() {
        throw new GradientError(
          'customGrad: a function with a custom gradient has no forward mode; use grad or a tape',
        );
      },
    },
  };
  recordAs(op, [...inputs, ...variables, ...kept], [out], undefined);
  return out;
}

function customGradients(gradients: CustomGradients, inputs: number, variables: number): Cotangents {
  const split = gradients !== null && typeof gradients === 'object' && 'variables' in gradients ? gradients : null;
  if (split === null && variables > 0) {
    throw new GradientError(
      `customGrad: the function reads ${variables} trainable variables, so gradFunc must return { inputs, variables }`,
    );
  }
  const own = list(split === null ? (gradients as Tensor | null | readonly (Tensor | null)[]) : split.inputs);
  const theirs = split?.variables ?? [];
  if (own.length !== inputs || theirs.length !== variables) {
    throw new GradientError(
      `customGrad: gradFunc returned ${own.length} gradients for ${inputs} inputs and ${theirs.length} for ${variables} variables`,
    );
  }
  for (const g of [...own, ...theirs]) {
    if (g !== null && !(g instanceof Tensor))
      throw new GradientError(`customGrad: a gradient is ${describe(g)}, not a tensor or null`);
  }
  return [...own, ...theirs];
}

function list(x: Tensor | null | readonly (Tensor | null)[]): readonly (Tensor | null)[] {
  return x === null || x instanceof Tensor ? [x] : x;
}
