/** How many structures are compiled, and what is done about ever new ones. */
export interface AdmissionOptions {
  /** So many structures are compiled as they come, and so many are kept. */
  readonly capacity: number;
  /** Beyond that, a structure is compiled when it was asked for so often, in the place of the least recently used. */
  readonly sightings: number;
  /** Is told of a structure that made room. */
  readonly evict?: (key: string) => void;
}

/**
 * Decides which structures are worth a kernel of their own, so that a program with ever new ones compiles a bounded
 * number of kernels and a long one can still change what it does.
 */
export class Admission {
  private readonly options: AdmissionOptions;
  /** In the order of their last use. */
  private readonly admitted = new Set<string>();
  private readonly waiting = new Map<string, number>();

  constructor(options: AdmissionOptions) {
    this.options = options;
  }

  /** Whether the structure has, or is to get, a kernel. */
  admits(key: string): boolean {
    const { capacity, sightings, evict } = this.options;
    if (this.admitted.delete(key)) {
      this.admitted.add(key);
      return true;
    }
    if (this.admitted.size >= capacity) {
      const seen = (this.waiting.get(key) ?? 0) + 1;
      this.waiting.delete(key);
      if (seen < sightings) {
        this.waiting.set(key, seen);
        if (this.waiting.size > 4 * capacity) this.waiting.delete(first(this.waiting.keys()));
        return false;
      }
      const oldest = first(this.admitted.keys());
      this.admitted.delete(oldest);
      evict?.(oldest);
    }
    this.admitted.add(key);
    return true;
  }
}

function first(keys: Iterator<string>): string {
  return keys.next().value as string;
}
