import { type DType, type KernelTable, type Shape, sizeOf } from '@wengert/core/functions';
import type { Deferred } from './deferred.ts';
import { evaluation } from './evaluate.ts';
import type { Expression } from './expression.ts';
import { formulaOf } from './formulas.ts';
import { type GraphLimits, type Launch, type Leaf, PointwiseGraph, type Target } from './graph.ts';
import type { Plan } from './plan.ts';
import { broadcastView, placeOf } from './view.ts';

/** The value of a formula's body, in double. */
export function evaluate(body: Expression, inputs: readonly number[]): number {
  const found = evaluation(body, Number);
  if (found === null) throw new Error('the expression has an operation without a form in JavaScript');
  return found(inputs);
}

/** A storage of the test target. */
export interface Values extends Leaf {
  readonly data: Float64Array;
}

/** A target that interprets plans, counts them, and refuses storages that were freed. */
export class Interpreter implements Target<Values, null> {
  readonly plans: Plan<Values, null>[] = [];
  readonly evicted: string[] = [];
  readonly alive: Set<Values> = new Set();
  failing = false;

  make(data: ArrayLike<number>): Values {
    const values = { data: Float64Array.from(data) };
    this.alive.add(values);
    return values;
  }

  launch(plan: Plan<Values, null>): Launch<Values> {
    return { key: plan.structure, run: () => this.run(plan) };
  }

  private run(plan: Plan<Values, null>): Values[] {
    if (this.failing) throw new Error('the target fails');
    this.plans.push(plan);
    for (const input of plan.inputs) if (!this.alive.has(input)) throw new Error('an input was freed');
    const results = plan.outputs.map(() => new Float64Array(plan.size));
    for (let i = 0; i < plan.size; i++) {
      const done: number[] = [];
      for (const { formula, args } of plan.steps) {
        const values = args.map(({ from, index }) => {
          if (from === 'step') return done[index];
          if (from === 'number') return plan.scalars[index].value;
          const { input, view } = plan.accesses[index];
          return plan.inputs[input].data[placeOf(view, i)];
        });
        done.push(evaluate(formula.body, values));
      }
      for (const [k, { step }] of plan.outputs.entries()) results[k][i] = done[step];
    }
    return results
      .map((data, k) => this.into(plan, k) ?? this.make(data))
      .map((values, k) => {
        values.data.set(results[k]);
        return values;
      });
  }

  /** The input that ends with the plan and takes its last output. */
  private into({ outputs, ending, inputs, size }: Plan<Values, null>, k: number): Values | null {
    if (k !== outputs.length - 1) return null;
    return inputs.find((input, i) => ending[i] && input.data.length === size) ?? null;
  }

  scalar(value: number): Values {
    return this.make([value]);
  }

  free(storage: Values): void {
    if (!this.alive.delete(storage)) throw new Error('a storage is freed twice');
  }

  info(): null {
    return null;
  }

  evict(key: string): void {
    this.evicted.push(key);
  }
}

/** A tensor of the tests: a storage with a shape, and what it is to hold. */
export interface Handle {
  readonly storage: Values | Deferred<Values, null>;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly expected: readonly number[];
}

/** A graph over the interpreter, in the terms of a backend's kernels. */
export class Bench {
  readonly target: Interpreter = new Interpreter();
  readonly graph: PointwiseGraph<Values, null>;

  constructor(limits: Partial<GraphLimits> = {}) {
    this.graph = new PointwiseGraph<Values, null>(this.target, limits);
  }

  leaf(shape: Shape, expected: readonly number[], dtype: DType = 'float32'): Handle {
    return { storage: this.target.make(expected), shape, dtype, expected };
  }

  scalar(value: number): Handle {
    return { storage: this.graph.scalar(value, 'float', null), shape: [], dtype: 'float32', expected: [value] };
  }

  op(name: keyof KernelTable, inputs: readonly Handle[], shape: Shape, dtype: DType = 'float32'): Handle {
    const formula = formulaOf(
      name,
      inputs.map((x) => x.dtype),
      dtype,
    );
    if (formula === undefined) throw new Error(`no formula for ${name}`);
    const size = sizeOf(shape);
    const operands = inputs.map((x) => ({ storage: x.storage, view: broadcastView(x.shape, shape) }));
    const expected = Array.from({ length: size }, (_, i) =>
      evaluate(
        formula.body,
        inputs.map((x, k) => x.expected[placeOf(operands[k].view, i)]),
      ),
    );
    return { storage: this.graph.defer(formula, operands, size, null), shape, dtype, expected };
  }

  read({ storage }: Handle): number[] {
    const values = this.graph.valueOf(storage);
    if (!this.target.alive.has(values)) throw new Error('what is read was freed');
    return [...values.data];
  }
}
