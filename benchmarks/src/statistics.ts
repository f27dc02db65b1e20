/** The middle of the sorted values, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The half of the distance between the quartiles, as a share of the median: how far apart the samples lie. */
export function spread(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))];
  return (at(0.75) - at(0.25)) / 2 / median(values);
}

/** The order of round `round`: everyone once, starting one further each time, so that nobody always runs first. */
export function rotated<T>(items: readonly T[], round: number): T[] {
  const start = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** A number in three significant digits, as people read it: 0.0123, 1.23, 123, 1230. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return value === 0 ? '0' : Number(value.toPrecision(3)).toString();
}
