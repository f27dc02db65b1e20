import { NOBODY, nextId } from './tensor.ts';

/** The place of what has none. */
export const NOWHERE = -1;

/** Identities further apart than this are looked up in a map. */
const REACH = 2 ** 12;

/**
 * Numbers values from 0 on, in the order in which they are entered, and finds the number by the value's identity.
 * Identities ascend, so that those of the values made since then lie together: an array holds them. What is older, such
 * as parameters, or comes after long gaps is in a map.
 */
export class Places {
  /** How many places there are. */
  count = 0;
  private readonly first: number = nextId();
  private readonly near: number[] = [];
  private readonly far: Map<number, number> = new Map();

  /** The place of the value with this identity, or `NOWHERE`. */
  of(id: number): number {
    const i = id - this.first;
    if (i >= 0 && i < this.near.length && this.near[i] !== NOWHERE) return this.near[i];
    return this.far.size === 0 || id === NOBODY ? NOWHERE : (this.far.get(id) ?? NOWHERE);
  }

  /** Gives a value the next place. */
  enter(id: number): void {
    const { near } = this;
    const i = id - this.first;
    if (i < 0 || i > near.length + REACH) this.far.set(id, this.count++);
    else {
      while (near.length <= i) near.push(NOWHERE);
      near[i] = this.count++;
    }
  }

  /** Leaves the next place to a value that nobody will ask for. */
  skip(): void {
    this.count++;
  }
}
