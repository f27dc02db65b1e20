import { isFloating } from './dtype.ts';
import type { Op, Rule } from './op/op.ts';
import { NOWHERE, Places } from './places.ts';
import type { Cell } from './storage.ts';
import { makeTensor, Tensor } from './tensor.ts';

/** One op on the list: what went in and what came out, and where it stands. */
export interface Entry {
  readonly op: Op;
  /** null: there is no derivative, but the outputs depend on the inputs. undefined: there is no rule. */
  readonly rule: Rule | null | undefined;
  readonly attrs: unknown;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Where in `WengertList.from` the places of the inputs begin. */
  readonly from: number;
  /** The place of the first output; those of the others come after it. */
  readonly to: number;
  /** Where in `WengertList.claims` those of the inputs and then the outputs begin; `NOWHERE` where the rule reads none. */
  readonly claims: number;
}

/** A Wengert list: the ops that derive from watched values, in the order in which they ran. */
export class WengertList {
  readonly entries: Entry[] = [];
  /** The place of each input of each entry; `NOWHERE` for one that was not followed then, and has no cotangent. */
  readonly from: number[] = [];
  /** Claims on values that rules read, null for those that they do not read. */
  private readonly claims: (Cell | null)[] = [];
  private places: Places = new Places();
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

  /** The lists of inputs and outputs are the list's own from now on. */
  append(
    op: Op,
    rule: Rule | null | undefined,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    attrs: unknown,
  ): void {
    const { places, integers } = this;
    if (!integers && (rule === null || !anyFloating(outputs))) return;
    const from = this.from.length;
    for (let i = 0; i < inputs.length; i++) this.from.push(places.of(inputs[i].id));
    const to = places.count;
    for (let i = 0; i < outputs.length; i++) {
      if (integers || isFloating(outputs[i].dtype)) places.enter(outputs[i].id);
      else places.skip();
    }
    const frozen = frozenOf(inputs);
    const claims = rule === null || op.saves.length === 0 ? NOWHERE : this.claim(op, frozen, outputs, from);
    this.entries.push({ op, rule, attrs, inputs: frozen, outputs, from, to, claims });
  }

  /** Claims what the rule reads. */
  private claim(op: Op, inputs: readonly Tensor[], outputs: readonly Tensor[], from: number): number {
    const { saves, name } = op;
    const { claims } = this;
    const start = claims.length;
    for (let i = 0; i < inputs.length; i++) {
      const saved = saves === 'others' ? this.othersFollowed(from, inputs.length, i) : reads(saves, i);
      claims.push(saved ? inputs[i].live(name).claim() : null);
    }
    const savesOutputs = saves !== 'others' && reads(saves, 'y');
    for (let i = 0; i < outputs.length; i++) claims.push(savesOutputs ? outputs[i].live(name).claim() : null);
    return start;
  }

  private othersFollowed(from: number, count: number, i: number): boolean {
    for (let j = 0; j < count; j++) if (j !== i && this.from[from + j] !== NOWHERE) return true;
    return false;
  }

  /** The inputs of an entry as its rule sees them: connected to all tapes, without values where none is saved. */
  restoredInputs({ inputs, claims }: Entry): Tensor[] {
    return this.restored(inputs, claims);
  }

  /** As `restoredInputs`, the outputs. */
  restoredOutputs({ inputs, outputs, claims }: Entry): Tensor[] {
    return this.restored(outputs, claims === NOWHERE ? NOWHERE : claims + inputs.length);
  }

  private restored(list: readonly Tensor[], first: number): Tensor[] {
    const found = new Array<Tensor>(list.length);
    for (let i = 0; i < list.length; i++) {
      const x = list[i];
      const cell = first === NOWHERE ? null : this.claims[first + i];
      if (cell === null) found[i] = new Tensor(x.shape, x.dtype, null, x.id);
      else found[i] = x.cell === cell ? x : makeTensor(x, cell.retain(), x.id);
    }
    return found;
  }

  /** Whether `y` was computed from `x` in whatever way. Only lists made with `integers` can tell. */
  dependsOn(y: Tensor, x: Tensor): boolean {
    const reached = new Set([x.id]);
    for (const { inputs, outputs } of this.entries) {
      if (inputs.some(({ id }) => reached.has(id))) for (const { id } of outputs) reached.add(id);
    }
    return reached.has(y.id);
  }

  /** Gives up all entries and the claims that they hold; watches stay. */
  release(): void {
    for (let i = 0; i < this.claims.length; i++) this.claims[i]?.release();
    this.entries.length = 0;
    this.from.length = 0;
    this.claims.length = 0;
  }

  forget(): void {
    this.release();
    this.places = new Places();
  }
}

// What follows runs for every op that is recorded: plain loops, and nothing allocated that is not kept.

/** As `includes`, faster for short lists. */
function reads(saves: readonly (number | 'y')[], what: number | 'y'): boolean {
  for (let i = 0; i < saves.length; i++) if (saves[i] === what) return true;
  return false;
}

function anyFloating(list: readonly Tensor[]): boolean {
  for (let i = 0; i < list.length; i++) if (isFloating(list[i].dtype)) return true;
  return false;
}

/** The inputs as a tape keeps them: a variable's value may change later. */
function frozenOf(inputs: readonly Tensor[]): readonly Tensor[] {
  for (let i = 0; i < inputs.length; i++) if (inputs[i].frozen() !== inputs[i]) return inputs.map((x) => x.frozen());
  return inputs;
}
