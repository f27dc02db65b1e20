// The few globals that every JavaScript platform has but the language's own type library does not declare.
interface Platform {
  readonly console: { log(text: string): void; warn(text: string): void };
  readonly queueMicrotask: (f: () => void) => void;
  readonly performance: { now(): number };
  readonly setTimeout: (f: () => void, ms: number) => unknown;
  /** Browsers only. */
  readonly requestAnimationFrame?: (f: () => void) => unknown;
}

export const platform: Platform = globalThis as typeof globalThis & Platform;
