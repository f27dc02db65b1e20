import { type Block, type Kernel, type Output, sizeOf } from '@wengert/core/functions';
import { plan, reusableFor } from '../kernels/broadcasting.ts';
import type { CpuStorage } from '../storage.ts';
import { walk } from '../strides.ts';
import { parts, runTasks, type Task, threadCount } from '../threads/tasks.ts';
import { v128 } from '../wasm/instructions.ts';
import type { Compiled } from '../wasm/module.ts';
import { addressOf, isFloat32, lazy, makeOnHeap, onHeap, outputAddress } from './access.ts';
import { formulas, type Pointwise } from './formulas.ts';
import { applied, type Loop, pointwiseLoop } from './pointwiseLoop.ts';

/** Fewer elements cost less in a plain loop than a call. */
const FEWEST = 256;
/** So many elements are worth the attention of several threads. */
const SHARED_FROM = 2 ** 17;
/** Rows shorter than this are left to the plain loops. */
const SHORTEST_ROW = 8;

/** The loops of one op, one for each way in which its inputs may stand still along a row. */
class Loops {
  readonly #f: Loop['f'];
  readonly #compares: boolean | undefined;
  readonly #fails: Loop['fails'];
  readonly #compiled = new Map<number, () => Compiled>();

  constructor(f: Loop['f'], compares?: boolean, fails?: Loop['fails']) {
    this.#f = f;
    this.#compares = compares;
    this.#fails = fails;
  }

  /** Runs the loop over all rows. Null where it cannot, or where the formula fails. */
  run(inputs: readonly Block[], out: Output, reusable: readonly Block[]): CpuStorage[] | null {
    const size = sizeOf(out.shape);
    if (size < FEWEST) return null;
    const nest = plan(inputs, out, 1);
    const last = nest.dims.length - 1;
    const columns = nest.dims[last];
    if (columns < SHORTEST_ROW) return null;
    // One loop of two suffices for what has only one.
    const rows = last > 0 ? nest.dims[last - 1] : 1;
    const outer = Math.max(0, last - 1);
    // What the end of a row spills must not meet an input that is yet to be read.
    const inPlace = this.#fails === undefined && (nest.dims.length === 1 || columns % 4 === 0);
    const from = inputs.map(addressOf);
    const reused = inPlace ? reusableFor(reusable, out) : null;
    const [result, to] = reused === null ? makeOnHeap(out) : [reused, outputAddress(reused)];
    let variant = 0;
    for (let i = 0; i < inputs.length; i++) if (nest.strides[i + 1][last] === 0) variant |= 1 << i;
    const loop = this.#loop(variant, inputs);
    const outSize = result.bytes / result.length;
    const sizes = inputs.map(({ dtype }) => (dtype === 'bool' ? 1 : 4));
    const args = [to, rows, columns];
    for (let i = 0; i < inputs.length; i++) args.push(from[i], last > 0 ? nest.strides[i + 1][last - 1] * sizes[i] : 0);
    let failed = 0;
    const together = threadCount() > 1 && size >= SHARED_FROM && (last === 0 || columns % 4 === 0);
    walk(nest, outer, (offsets) => {
      args[0] = to + offsets[0] * outSize;
      for (let i = 0; i < from.length; i++) args[3 + 2 * i] = from[i] + offsets[i + 1] * sizes[i];
      if (together) failed |= runTasks(divided(loop, args, last === 0, outSize, sizes, variant));
      else failed |= loop(...args);
    });
    if (failed === 0) return [result];
    result.release();
    return null;
  }

  #loop(variant: number, inputs: readonly Block[]): Compiled {
    let loop = this.#compiled.get(variant);
    if (loop === undefined) {
      const readings = inputs.map(({ dtype }, i) => ({ bools: dtype === 'bool', fixed: ((variant >> i) & 1) === 1 }));
      loop = lazy(() => pointwiseLoop({ inputs: readings, f: this.#f, compares: this.#compares, fails: this.#fails }));
      this.#compiled.set(variant, loop);
    }
    return loop();
  }
}

/** The call of a loop as tasks that each do some of its rows, or of the columns of its only row. */
function divided(
  loop: Compiled,
  args: readonly number[],
  one: boolean,
  outSize: number,
  sizes: readonly number[],
  fixed: number,
): Task[] {
  const [to, rows, columns] = args;
  // Whole cache lines, and whole vectors at the end of all parts but the last.
  return parts(one ? columns : rows, 4 * threadCount(), one ? 64 : 1).map(([from, count]) => {
    const own = one ? [to + from * outSize, 1, count] : [to + from * columns * outSize, count, columns];
    for (const [i, size] of sizes.entries()) {
      const step = one ? ((fixed >> i) & 1 ? 0 : size) : args[4 + 2 * i];
      own.push(args[3 + 2 * i] + from * step, args[4 + 2 * i]);
    }
    return [{ f: loop, args: own }];
  });
}

function kernel({ f, compares, fails }: Pointwise): Kernel {
  const loops = new Loops(applied(f), compares, fails && applied(fails));
  return onHeap((inputs, _, [out]) => (isFloat32(inputs[0]) ? loops.run(inputs, out, inputs) : null));
}

const choice = new Loops((_, [condition, x, y]) => v128.select(condition, x, y));

/** Every pointwise kernel on float32. */
export const pointwise: Record<string, Kernel> = {
  where: onHeap((inputs, _, [out]) => (isFloat32(out) ? choice.run(inputs, out, inputs.slice(1)) : null)),
};
for (const [name, op] of Object.entries(formulas)) pointwise[name] = kernel(op);
