import { type TensorLike, toTensor } from './convert.ts';
import type { DType } from './dtype.ts';
import { DTypeError, ShapeError } from './errors.ts';
import type { NestedLike } from './nested.ts';
import { castTo } from './promote.ts';
import type { Rank } from './rank.ts';
import { sameShape, showShape } from './shape.ts';
import { type Cell, counters } from './storage.ts';
import { nextId, Tensor } from './tensor.ts';

let lastNumber = 0;

// Weakly, so that a forgotten variable stays collectable.
const byName = new Map<string, WeakRef<Variable>[]>();
const collected = /* @__PURE__ */ new FinalizationRegistry<string>(prune);

/**
 * All variables of that name that are in use. Names are not unique: look only where one is meant.
 * @example
 * const v = variable(1, true, 'weight');
 * console.log(variablesNamed('weight').includes(v)); // true
 */
export function variablesNamed(name: string): Variable[] {
  return (byName.get(name) ?? []).flatMap((ref) => {
    const v = ref.deref();
    return v === undefined || v.isDisposed ? [] : [v];
  });
}

/**
 * Disposes all variables that are in use, those of optimizers too.
 * @example
 * const v = variable(1);
 * disposeVariables();
 * console.log(v.isDisposed); // true
 */
export function disposeVariables(): void {
  for (const name of [...byName.keys()]) for (const v of variablesNamed(name)) v.dispose();
}

function prune(name: string): void {
  const inUse = variablesNamed(name).map((v) => new WeakRef(v));
  if (inUse.length === 0) byName.delete(name);
  else byName.set(name, inUse);
}

function enrol(v: Variable): void {
  const named = byName.get(v.name);
  if (named === undefined) byName.set(v.name, [new WeakRef(v)]);
  else named.push(new WeakRef(v));
  collected.register(v, v.name);
}

/**
 * A tensor whose value can be replaced. Tapes watch trainable variables when they are read; each read sees the value of
 * its moment, also when a gradient is taken later. Scopes leave variables alone.
 */
export class Variable<R extends Rank = Rank> extends Tensor<R> {
  readonly name: string;
  /** The order in which variables were made. @internal */
  readonly number: number;
  private readonly isTrainable: boolean;
  private snapshot: Tensor<R> | null = null;

  /** Takes over the claim of `initial`'s cell. Use `variable()`. @internal */
  constructor(initial: Tensor<R>, trainable: boolean, name: string | undefined) {
    super(initial.shape, initial.dtype, initial.live('variable').retain(), nextId());
    counters.tensors++;
    this.number = ++lastNumber;
    this.name = name ?? `variable_${this.number}`;
    this.isTrainable = trainable;
    this.kept = true;
    this.outlive();
    enrol(this);
  }

  override get trainable(): boolean {
    return this.isTrainable;
  }

  /** The present value as a tape keeps it: assignments do not change it. @internal */
  override frozen(): Tensor<R> {
    this.snapshot ??= new Tensor<R>(this.shape, this.dtype, this.live('variable'), this.id);
    return this.snapshot;
  }

  /** Replaces the value. Throws `ShapeError` or `DTypeError` where it does not fit. The gradient does not pass. */
  assign(value: TensorLike): this {
    const cell = this.live('assign');
    const given = toTensor('assign', value, cell.backend, this.dtype);
    try {
      this.cell = this.fitting(given).retain();
    } finally {
      if (given !== value) given.dispose();
    }
    this.outlive();
    this.id = nextId();
    this.snapshot = null;
    cell.release();
    return this;
  }

  private fitting(given: Tensor): Cell {
    if (!sameShape(given.shape, this.shape)) {
      throw new ShapeError(
        `assign: variable '${this.name}' has shape ${showShape(this.shape)}, the value ${showShape(given.shape)}`,
      );
    }
    if (given.dtype !== this.dtype) {
      throw new DTypeError(`assign: variable '${this.name}' is ${this.dtype}, the value ${given.dtype}; cast it first`);
    }
    return given.live('assign');
  }
}

/**
 * A variable with `initial` as its value. A name is for people and for `variableGrads`.
 * @example
 * const v = variable([1, 2]);
 * v.assign([3, 4]).print(); // [3, 4]
 */
export function variable<R extends Rank = Rank>(
  initial: Tensor<R> | NestedLike,
  trainable = true,
  name?: string,
  dtype?: DType,
): Variable<R> {
  const own = initial instanceof Tensor;
  const value = toTensor('variable', initial, undefined, own ? undefined : dtype);
  const cast = dtype === undefined ? value : castTo(value, dtype);
  const made = new Variable<R>(cast as Tensor<R>, trainable, name);
  if (cast !== initial) cast.dispose();
  if (value !== initial) value.dispose();
  return made;
}
