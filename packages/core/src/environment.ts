import { ArgumentError } from './errors.ts';

type Flag = number | boolean | string;

/** Flags by name. No backend of Wengert reads them: they are there for the programs that set them. */
export class Environment {
  private readonly flags: Map<string, Flag> = new Map();

  /** Remembers a flag. */
  set(name: string, value: Flag): void {
    this.flags.set(name, value);
  }

  /** The flag. Throws `ArgumentError` where nobody set it. */
  get(name: string): Flag {
    const value = this.flags.get(name);
    if (value === undefined) throw new ArgumentError(`env: flag '${name}' was never set; backends here have no flags`);
    return value;
  }

  /** The flag as a boolean. */
  getBool(name: string): boolean {
    return Boolean(this.get(name));
  }

  /** The flag as a number. */
  getNumber(name: string): number {
    return Number(this.get(name));
  }

  /** All flags that were set. */
  getFlags(): Readonly<Record<string, Flag>> {
    return Object.fromEntries(this.flags);
  }

  /** Forgets all flags. */
  reset(): void {
    this.flags.clear();
  }
}

const environment: Environment = /* @__PURE__ */ new Environment();

/**
 * The flags of the program. A backend's settings are arguments of its own factory.
 * @example
 * env().set('DEBUG', false);
 * console.log(env().getBool('DEBUG')); // false
 */
export function env(): Environment {
  return environment;
}
