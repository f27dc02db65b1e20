import { WengertError } from '@wengert/core';

/** A backend or an op does not do what the suite asks of it. */
export class ConformanceError extends WengertError {}

/** Throws `ConformanceError` unless `condition` holds. */
export function require(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new ConformanceError(message());
}

/** The class name of whatever was thrown. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** Whether this is how an op refuses arguments, as opposed to a fault. */
export function isRefusal(error: unknown): boolean {
  return ['ShapeError', 'ArgumentError', 'DTypeError'].includes(errorName(error));
}
