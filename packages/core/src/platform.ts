// The few globals that every JavaScript platform has but the language's own type library does not declare.
interface Platform {
  readonly console: { log(text: string): void; warn(text: string): void };
  readonly queueMicrotask: (f: () => void) => void;
  readonly performance: { now(): number };
}

export const platform: Platform = globalThis as typeof globalThis & Platform;
