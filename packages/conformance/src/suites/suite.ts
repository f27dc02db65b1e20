import type { Backend, Declaration, DType, Route } from '@wengert/core';
import { isFloating } from '@wengert/core';
import type { Runs } from '../forAll.ts';
import type { RunningError } from '../runningError.ts';

/** One thing that a backend must do. */
export interface Case {
  readonly name: string;
  run(): void | Promise<void>;
}

/** What the backend's author promises, and what is known not to work. */
export interface ConformanceOptions {
  /** The route that each op takes with the backend's own float dtype; asserted. */
  readonly expect?: Readonly<Record<string, Route>>;
  /** Ops that do not work yet, each with the reason. A skip fails once the op passes without it. */
  readonly skip?: Readonly<Record<string, string>>;
  /** Which ops to run; all by default. */
  readonly ops?: (name: string) => boolean;
  /** How many calls are generated for each op, and from which seed. Default: 20 runs of seed 1. */
  readonly generated?: Partial<Runs>;
  /** Is told, once, the routes that each op was seen to take. */
  readonly report?: (routes: ReadonlyMap<string, ReadonlySet<Route>>) => void;
}

/** What all cases of one run share: the backend under test, and the oracle with its dtypes. */
export interface Subject {
  readonly backend: Backend;
  readonly oracle: RunningError;
  readonly runs: Runs;
}

/** A check that every op goes through. */
export interface OpSuite {
  readonly name: string;
  /** Whether there is something to check for the op. */
  applies?(declaration: Declaration): boolean;
  check(subject: Subject, declaration: Declaration): Promise<void>;
}

/** The backend's float dtypes, its own first. */
export function floatsOf(backend: Backend): DType[] {
  return [...backend.dtypes].filter(isFloating);
}
