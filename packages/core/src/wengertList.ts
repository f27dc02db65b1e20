import { isFloating } from './dtype.ts';
import type { Op, Rule } from './op/op.ts';
import { NOWHERE, Places } from './places.ts';
import type { Cell } from './storage.ts';
import { makeTensor, Tensor } from './tensor.ts';

/** One op on the list: what went in, what came out, and claims on the values that its rule reads. */
export interface Entry {
  readonly op: Op;
  readonly rule: Rule | undefined;
  readonly attrs: unknown;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** The place of each input; `NOWHERE` for one that was not followed when the op ran, and has no cotangent. */
  readonly from: readonly number[];
  /** The place of the first output; those of the others come after it. */
  readonly to: number;
  /** For each input, then each output: the claim, or null for what the rule does not read. */
  readonly claims: readonly (Cell | null)[];
}

/** A Wengert list: the ops that derive from watched values, in the order in which they ran. */
export class WengertList {
  readonly entries: Entry[] = [];
  private places: Places = new Places();
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

  /** How many values have a place: the watched ones and all outputs. */
  get size(): number {
    return this.places.count;
  }

  watch(id: number): void {
    if (!this.has(id)) this.places.enter(id);
  }

  has(id: number): boolean {
    return this.places.of(id) !== NOWHERE;
  }

  /** Where the value with this identity stands among those that are followed, or `NOWHERE`. */
  placeOf(id: number): number {
    return this.places.of(id);
  }

  append(
    op: Op,
    rule: Rule | null | undefined,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    attrs: unknown,
  ): void {
    const { places, integers } = this;
    if (integers) this.links.push([inputs, outputs]);
    else if (rule === null || !anyFloating(outputs)) return;
    const from = placesOf(inputs, places);
    const to = places.count;
    for (const y of outputs) {
      if (integers || isFloating(y.dtype)) places.enter(y.id);
      else places.skip();
    }
    if (rule === null) return;
    const frozen = frozenOf(inputs);
    // A list of outputs is the caller's, who may change it.
    const made = outputs.length === 1 ? outputs : outputs.slice();
    const claims = claim(op, frozen, outputs, from);
    this.entries.push({ op, rule, attrs, inputs: frozen, outputs: made, from, to, claims });
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
    this.places = new Places();
  }
}

// What follows runs for every op that is recorded: plain loops, and nothing allocated that is not kept.

function anyFloating(list: readonly Tensor[]): boolean {
  for (const { dtype } of list) if (isFloating(dtype)) return true;
  return false;
}

function placesOf(inputs: readonly Tensor[], places: Places): number[] {
  const from = new Array<number>(inputs.length);
  for (let i = 0; i < inputs.length; i++) from[i] = places.of(inputs[i].id);
  return from;
}

function frozenOf(inputs: readonly Tensor[]): Tensor[] {
  const frozen = new Array<Tensor>(inputs.length);
  for (let i = 0; i < inputs.length; i++) frozen[i] = inputs[i].frozen();
  return frozen;
}

const NOTHING: readonly null[] = [];

/** Claims what the rule reads. */
function claim(
  op: Op,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  from: readonly number[],
): readonly (Cell | null)[] {
  const { saves, name } = op;
  if (saves.length === 0) return NOTHING;
  const claims = new Array<Cell | null>(inputs.length + outputs.length);
  for (let i = 0; i < inputs.length; i++) {
    const saved = saves === 'others' ? othersFollowed(from, i) : saves.includes(i);
    claims[i] = saved ? inputs[i].live(name).claim() : null;
  }
  const savesOutputs = saves !== 'others' && saves.includes('y');
  for (let i = 0; i < outputs.length; i++) {
    claims[inputs.length + i] = savesOutputs ? outputs[i].live(name).claim() : null;
  }
  return claims;
}

function othersFollowed(from: readonly number[], i: number): boolean {
  for (let j = 0; j < from.length; j++) if (j !== i && from[j] !== NOWHERE) return true;
  return false;
}

/** The inputs of an entry as its rule sees them: connected to all tapes, without values where none is saved. */
export function restoredInputs({ inputs, claims }: Entry): Tensor[] {
  return restored(inputs, claims, 0);
}

/** As `restoredInputs`, the outputs. */
export function restoredOutputs({ inputs, outputs, claims }: Entry): Tensor[] {
  return restored(outputs, claims, inputs.length);
}

function restored(list: readonly Tensor[], claims: readonly (Cell | null)[], first: number): Tensor[] {
  const found = new Array<Tensor>(list.length);
  for (let i = 0; i < list.length; i++) {
    const x = list[i];
    const cell = claims.length === 0 ? null : claims[first + i];
    if (cell === null) found[i] = new Tensor(x.shape, x.dtype, null, x.id);
    else found[i] = x.cell === cell ? x : makeTensor(x, cell.retain(), x.id);
  }
  return found;
}
