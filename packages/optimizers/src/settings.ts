import { ArgumentError } from '@wengert/core';

/** Throws `ArgumentError` unless all settings are finite numbers that hold `condition`. */
export function checkSettings(
  optimizer: string,
  settings: Readonly<Record<string, number>>,
  condition: (value: number) => boolean,
  wanted: string,
): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!Number.isFinite(value) || !condition(value)) {
      throw new ArgumentError(`${optimizer}: ${name} must be a finite number, ${wanted}; got ${value}`);
    }
  }
}
