import { describeMachine, type Machine } from './machine.ts';
import type { Cell, Entrant, Row } from './run.ts';
import { digits } from './statistics.ts';
import { Footnotes, markdownTable } from './table.ts';

/** Everything that a run of the benchmarks found. */
export interface Results {
  readonly date: string;
  readonly command: string;
  readonly machine: Machine;
  /** Of every package that took part. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly contestants: readonly Pick<Entrant, 'id' | 'title' | 'role'>[];
  readonly rows: readonly Row[];
}

type Contestants = Results['contestants'];

const figure = (cell: Cell | undefined): number => (cell?.kind === 'figure' ? cell.median : NaN);

/** The peer with the smallest figure in the row, if any has one. */
export function fastestPeer({ cells }: Row, contestants: Contestants): Contestants[number] | undefined {
  return contestants
    .filter(({ id, role }) => role === 'peer' && figure(cells[id]) >= 0)
    .sort((a, b) => figure(cells[a.id]) - figure(cells[b.id]))[0];
}

/** The figure of Wengert, as it is by default, over that of the fastest peer; NaN where either has none. */
export function ratioOf(row: Row, contestants: Contestants): number {
  const own = contestants.find(({ role }) => role === 'wengert');
  const fastest = fastestPeer(row, contestants);
  return own && fastest ? figure(row.cells[own.id]) / figure(row.cells[fastest.id]) : NaN;
}

/** Whether the row stays below its target; undefined where it has none, or no figure. */
export function meetsTarget(row: Row, contestants: Contestants): boolean | undefined {
  const own = contestants.find(({ role }) => role === 'wengert');
  const value = row.most === undefined ? ratioOf(row, contestants) : figure(row.cells[own?.id ?? '']);
  const limit = row.most ?? row.target;
  return limit === undefined || Number.isNaN(value) ? undefined : value <= limit;
}

function cellText(cell: Cell | undefined, notes: Footnotes, title: string): string {
  if (cell === undefined) return '';
  if (cell.kind === 'figure') return digits(cell.median);
  const text = cell.kind === 'wrong' ? `wrong, not timed: ${cell.reason}` : cell.reason;
  return `${cell.kind === 'wrong' ? 'wrong' : '-'}${notes.mark(`${title}: ${text}`)}`;
}

function targetText({ target, most, unit }: Row, met: boolean | undefined): string {
  if (target === undefined && most === undefined) return '';
  const limit = most === undefined ? `${target}` : `${most} ${unit}`;
  return `${limit}${met === undefined ? '' : met ? ' ✓' : ' ✗'}`;
}

/** The results as a Markdown document: a table, its footnotes, and what they were found with. */
export function markdownReport({ date, command, machine, versions, rounds, contestants, rows }: Results): string {
  const notes = new Footnotes();
  const lines = rows.map((row) => {
    const ratio = ratioOf(row, contestants);
    return [
      row.id,
      row.title,
      row.unit,
      ...contestants.map(({ id, title }) => cellText(row.cells[id], notes, title)),
      Number.isNaN(ratio) ? '' : `${ratio.toFixed(2)} of ${fastestPeer(row, contestants)?.title}`,
      targetText(row, meetsTarget(row, contestants)),
    ];
  });
  const head = ['', 'workload', 'unit', ...contestants.map(({ title }) => title), 'ratio', 'target'];
  const judged = rows.map((row) => meetsTarget(row, contestants)).filter((met) => met !== undefined);
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `\`${command}\`, ${date}: medians of ${rounds === 1 ? 'one process' : `${rounds} interleaved processes, fewer for memory and for peers far behind,`} per cell.`,
    `${describeMachine(machine)}.`,
    `${versionList.join(', ')}.`,
    '',
    markdownTable(head, lines, 3),
    '',
    `The ratio is Wengert's figure over that of the fastest peer; ${judged.filter(Boolean).length} of ${judged.length} targets are met.`,
    '',
    notes.toString(),
    '',
  ].join('\n');
}
