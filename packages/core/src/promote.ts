import type { Backend } from './backend.ts';
import { defaultFloat } from './backends.ts';
import { constantOn } from './constants.ts';
import { backendOf, type TensorLike, toTensor } from './convert.ts';
import { type DType, isFloating, promoteTypes } from './dtype.ts';
import { DTypeError } from './errors.ts';
import { naturalDType } from './nested.ts';
import { castOp } from './ops/cast.ts';
import { withScope } from './scope.ts';
import { Tensor } from './tensor.ts';

/** Which dtypes an op computes in: any, numbers (bools are counted as int32), floats only, or bools only. */
export type Domain = 'any' | 'number' | 'float' | 'bool';

/**
 * The arguments as tensors of one backend and one dtype. Tensors, typed arrays and booleans promote each other;
 * JavaScript numbers are weak: beside floats they take their dtype, elsewhere the backend's own float.
 */
export function operands(
  op: string,
  args: readonly TensorLike[],
  domain: Domain = 'any',
  backend: Backend = backendOf(args),
): Tensor[] {
  if (fit(args, domain)) return [...args];
  const dtype = commonDType(op, args, domain, backend);
  return args.map((x) => (x instanceof Tensor ? castTo(x, dtype) : toTensor(op, x, backend, dtype)));
}

/** Gives the operands to `f` and disposes those that it had to make. */
export function withOperands(
  op: string,
  args: readonly TensorLike[],
  domain: Domain,
  f: (xs: readonly Tensor[]) => Tensor,
): Tensor {
  const quick = fit(args, domain) ? args : besideNumber(args, domain);
  return quick === null ? withScope(() => f(operands(op, args, domain)), one, true) : f(quick);
}

function one(x: Tensor): [Tensor] {
  return [x];
}

/** Whether all arguments are tensors of one dtype in the domain: the common case, which needs no conversion. */
function fit(args: readonly TensorLike[], domain: Domain): args is readonly Tensor[] {
  const first = args[0];
  if (!(first instanceof Tensor)) return false;
  for (let i = 1; i < args.length; i++) {
    const x = args[i];
    if (!(x instanceof Tensor) || x.dtype !== first.dtype) return false;
  }
  if (domain === 'any') return true;
  return domain === 'float' ? isFloating(first.dtype) : (first.dtype === 'bool') === (domain === 'bool');
}

/** A float tensor beside a number, as two tensors of which one is shared; null where the arguments are not that. */
function besideNumber(args: readonly TensorLike[], domain: Domain): readonly Tensor[] | null {
  if (args.length !== 2 || domain === 'bool') return null;
  const a = args[0];
  const b = args[1];
  const x = a instanceof Tensor ? a : b;
  const value = x === a ? b : a;
  if (!(x instanceof Tensor) || typeof value !== 'number' || x.cell === null || !isFloating(x.dtype)) return null;
  const constant = constantOn(x.cell.backend, x.dtype, value);
  if (constant === null) return null;
  return x === a ? [x, constant] : [constant, x];
}

function commonDType(op: string, args: readonly TensorLike[], domain: Domain, backend: Backend): DType {
  let dtype: DType | null = null;
  let weak = false;
  for (const x of args) {
    const own = x instanceof Tensor ? x.dtype : naturalDType(x);
    if (own === null) weak = true;
    else dtype = dtype === null ? own : promoteTypes(dtype, own);
  }
  if (domain === 'bool') {
    // As in tfjs, host values are true where they are not 0, but tensors say what they are.
    const other = args.find((x) => x instanceof Tensor && x.dtype !== 'bool');
    if (other instanceof Tensor) throw new DTypeError(`${op}: needs bool, got ${other.dtype}; compare or cast first`);
    return 'bool';
  }
  if (dtype === null || (!isFloating(dtype) && (weak || domain === 'float'))) return defaultFloat(backend);
  return domain === 'number' && dtype === 'bool' ? 'int32' : dtype;
}

/** The argument as a tensor that has gradients: ints and bools become the backend's own float. */
export function floatOperand(op: string, x: TensorLike): Tensor {
  return operands(op, [x], 'float')[0];
}

/** `x` in `dtype`: itself where it has it already. */
export function castTo(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : castOp([x], { dtype });
}

/** The argument as int32 indices. Throws `DTypeError` for a float tensor or numbers with fractions. */
export function indexOperand(op: string, x: TensorLike, backend: Backend): Tensor {
  if (x instanceof Tensor) {
    if (x.dtype !== 'int32') throw new DTypeError(`${op}: indices must be int32, got ${x.dtype}; use x.cast('int32')`);
    return x;
  }
  return toTensor(op, x, backend, 'int32');
}
