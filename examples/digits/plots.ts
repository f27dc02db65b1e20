import { dot, line, type PlotOptions, plot } from '@observablehq/plot';
import type { History, Score } from './train.ts';

const COLORS = { train: '#2563eb', test: '#ea580c' };

interface Point {
  readonly epoch: number;
  readonly value: number;
  readonly set: keyof typeof COLORS;
}

function points({ epochs }: History, measure: keyof Score, scale = 1): Point[] {
  const sets = ['train', 'test'] as const;
  return epochs.flatMap((result, i) => {
    return sets.map((set) => ({ epoch: i + 1, value: result[set][measure] * scale, set }));
  });
}

/** One line with dots for each set, over the epochs. */
function curves(document: Document, data: readonly Point[], label: string, options: PlotOptions): Element {
  const last = Math.max(...data.map(({ epoch }) => epoch));
  const channels = { x: 'epoch', y: 'value' };
  return plot({
    document,
    width: 530,
    height: 320,
    grid: true,
    ariaLabel: label,
    color: { domain: Object.keys(COLORS), range: Object.values(COLORS), legend: true },
    x: { label: 'epoch', ticks: wholeTicks(last), tickFormat: 'd' },
    ...options,
    marks: [
      ...(options.marks ?? []),
      line(data, { ...channels, z: 'set', stroke: 'set', strokeWidth: 2 }),
      dot(data, { ...channels, fill: 'set', r: 3.5 }),
    ],
  });
}

/** At most ten numbers up to `last`, evenly spaced. */
function wholeTicks(last: number): number[] {
  const step = Math.ceil(last / 10);
  return Array.from({ length: Math.floor(last / step) }, (_, i) => (i + 1) * step);
}

/** The loss over the epochs, before a faint line of the losses of all steps. */
export function lossPlot(document: Document, history: History): Element {
  const perEpoch = history.steps.length / history.epochs.length;
  const steps = history.steps.map((value, i) => ({ epoch: (i + 1) / perEpoch, value }));
  return curves(document, points(history, 'loss'), 'loss', {
    y: { label: 'cross entropy', zero: true },
    marks: [line(steps, { x: 'epoch', y: 'value', stroke: COLORS.train, strokeOpacity: 0.25, strokeWidth: 0.75 })],
  });
}

/** The share of digits recognised, over the epochs. */
export function accuracyPlot(document: Document, history: History): Element {
  return curves(document, points(history, 'accuracy', 100), 'accuracy', { y: { label: 'recognised (%)' } });
}
