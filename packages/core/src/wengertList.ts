import { isFloating } from './dtype.ts';
import type { Op, Rule } from './op/op.ts';
import type { Cell } from './storage.ts';
import { makeTensor, Tensor } from './tensor.ts';

/** One op on the list: what went in, what came out, and claims on the values that its rule reads. */
export interface Entry {
  readonly op: Op;
  readonly rule: Rule | undefined;
  readonly attrs: unknown;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Which inputs were followed when the op ran: only these have cotangents. */
  readonly followed: readonly boolean[];
  /** For each input, then each output: the claim, or null for what the rule does not read. */
  readonly claims: readonly (Cell | null)[];
}

/** A Wengert list: the ops that derive from watched values, in the order in which they ran. */
export class WengertList {
  readonly entries: Entry[] = [];
  private readonly tracked: Set<number> = new Set();
  /** What each op led to, those without a derivative included. */
  private readonly links: (readonly [from: readonly Tensor[], to: readonly Tensor[]])[] = [];
  private readonly integers: boolean;

  /**
   * With `integers`, int32 and bool values are followed as if they were real, and ops without a derivative are known to
   * depend on their inputs: what tfjs's `grad` does.
   */
  constructor(integers = false) {
    this.integers = integers;
  }

  watch(id: number): void {
    this.tracked.add(id);
  }

  has(id: number): boolean {
    return this.tracked.has(id);
  }

  append(
    op: Op,
    rule: Rule | null | undefined,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    attrs: unknown,
  ): void {
    if (this.integers) {
      this.links.push([inputs, outputs]);
      for (const output of outputs) this.tracked.add(output.id);
    }
    if (rule === null) return;
    const real = outputs.filter((output) => this.integers || isFloating(output.dtype));
    if (real.length === 0) return;
    const followed = inputs.map((input) => this.tracked.has(input.id));
    for (const output of real) this.tracked.add(output.id);
    const frozen = inputs.map((input) => input.frozen());
    const { saves } = op;
    const saved = (i: number): boolean =>
      saves === 'others' ? followed.some((other, j) => other && j !== i) : saves.includes(i);
    const savesOutputs = saves !== 'others' && saves.includes('y');
    const claims = [
      ...frozen.map((x, i) => (saved(i) ? x.live(op.name).claim() : null)),
      ...outputs.map((y) => (savesOutputs ? y.live(op.name).claim() : null)),
    ];
    this.entries.push({ op, rule, attrs, inputs: frozen, outputs, followed, claims });
  }

  /** Whether `y` was computed from `x` in whatever way. Only lists made with `integers` can tell. */
  dependsOn(y: Tensor, x: Tensor): boolean {
    const reached = new Set([x.id]);
    for (const [from, to] of this.links) {
      if (from.some(({ id }) => reached.has(id))) for (const { id } of to) reached.add(id);
    }
    return reached.has(y.id);
  }

  /** Gives up all entries and the claims that they hold; watches stay. */
  release(): void {
    for (const { claims } of this.entries) for (const cell of claims) cell?.release();
    this.entries.length = 0;
    this.links.length = 0;
  }

  forget(): void {
    this.release();
    this.tracked.clear();
  }
}

/** The inputs and outputs of an entry as its rule sees them: connected to all tapes, without values where none is saved. */
export function restored({ inputs, outputs, claims }: Entry): { inputs: Tensor[]; outputs: Tensor[] } {
  const restore = (x: Tensor, claim: Cell | null): Tensor => {
    if (claim === null) return new Tensor(x.shape, x.dtype, null, x.id);
    return x.cell === claim ? x : makeTensor(x, claim.retain(), x.id);
  };
  return {
    inputs: inputs.map((x, i) => restore(x, claims[i])),
    outputs: outputs.map((y, i) => restore(y, claims[inputs.length + i])),
  };
}
