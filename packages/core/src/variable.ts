import { toTensor, type TensorLike } from './convert.ts';
import type { DType } from './dtype.ts';
import { DTypeError, ShapeError } from './errors.ts';
import { castTo } from './promote.ts';
import { sameShape, showShape } from './shape.ts';
import { counters } from './storage.ts';
import { nextId, Tensor } from './tensor.ts';

let lastNumber = 0;

/**
 * A tensor whose value can be replaced. Tapes watch trainable variables when they are read; each read sees the value of
 * its moment, also when a gradient is taken later. Scopes leave variables alone.
 */
export class Variable extends Tensor {
  readonly name: string;
  /** The order in which variables were made. @internal */
  readonly number: number;
  private readonly isTrainable: boolean;
  private snapshot: Tensor | null = null;

  /** Takes over the claim of `initial`'s cell. Use `variable()`. @internal */
  constructor(initial: Tensor, trainable: boolean, name: string | undefined) {
    super(initial.shape, initial.dtype, initial.live('variable').retain(), nextId());
    counters.tensors++;
    this.number = ++lastNumber;
    this.name = name ?? `variable_${this.number}`;
    this.isTrainable = trainable;
    this.kept = true;
    this.outlive();
  }

  override get trainable(): boolean {
    return this.isTrainable;
  }

  /** The present value as a tape keeps it: assignments do not change it. @internal */
  override frozen(): Tensor {
    this.snapshot ??= new Tensor(this.shape, this.dtype, this.live('variable'), this.id);
    return this.snapshot;
  }

  /** Replaces the value. Throws `ShapeError` or `DTypeError` where it does not fit. The gradient does not pass. */
  assign(value: TensorLike): this {
    const cell = this.live('assign');
    const given = toTensor('assign', value, cell.backend, this.dtype);
    if (!sameShape(given.shape, this.shape)) {
      throw new ShapeError(
        `assign: variable '${this.name}' has shape ${showShape(this.shape)}, the value ${showShape(given.shape)}`,
      );
    }
    if (given.dtype !== this.dtype) {
      throw new DTypeError(`assign: variable '${this.name}' is ${this.dtype}, the value ${given.dtype}; cast it first`);
    }
    this.cell = given.live('assign').retain();
    this.outlive();
    this.id = nextId();
    this.snapshot = null;
    cell.release();
    return this;
  }
}

/**
 * A variable with `initial` as its value. A name is for people and for `variableGrads`.
 * @example
 * const v = variable([1, 2]);
 * v.assign([3, 4]).print(); // [3, 4]
 */
export function variable(initial: TensorLike, trainable = true, name?: string, dtype?: DType): Variable {
  const own = initial instanceof Tensor;
  const value = toTensor('variable', initial, undefined, own ? undefined : dtype);
  const cast = dtype === undefined ? value : castTo(value, dtype);
  const made = new Variable(cast, trainable, name);
  if (cast !== initial) cast.dispose();
  if (value !== initial) value.dispose();
  return made;
}
