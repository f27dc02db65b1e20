import type { Row, Timing } from './page.ts';

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The time of Wengert over that of tfjs. */
function ratio(row: Row, samples: (timing: Timing) => readonly number[]): number {
  const [wengert, tfjs] = row.timings.map((timing) => median(samples(timing)));
  return wengert / tfjs;
}

function time(milliseconds: number): string {
  return milliseconds < 0.1 ? `${(milliseconds * 1000).toFixed(1)} us` : `${milliseconds.toPrecision(3)} ms`;
}

export function heading(renderer: string, browser: string): string {
  return `Chromium ${browser}, ${renderer}

| | Wengert | tfjs-webgl | ratio | with readback: Wengert | tfjs-webgl | ratio | goal |
|---|---|---|---|---|---|---|---|`;
}

export function line(row: Row): string {
  const cells = [(timing: Timing) => timing.compute, (timing: Timing) => timing.readback].flatMap((samples) => [
    ...row.timings.map((timing) => time(median(samples(timing)))),
    ratio(row, samples).toFixed(2),
  ]);
  return `| ${[row.name, ...cells, row.goal].join(' | ')} |`;
}

/** The rows that miss their goal, with readback or without. */
export function summary(rows: readonly Row[]): string {
  const missed = rows.filter((row) => {
    return [({ compute }: Timing) => compute, ({ readback }: Timing) => readback].some(
      (of) => ratio(row, of) > row.goal,
    );
  });
  return `\n${rows.length - missed.length} of ${rows.length} rows reach their goal${missed.map(({ name }) => `; not ${name}`).join('')}`;
}
