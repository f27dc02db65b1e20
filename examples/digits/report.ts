import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encode } from 'fast-png';
import { confusionMatrix } from './confusion.ts';
import { CLASSES, type Digits, PIXELS, SIDE, sizeOf } from './data.ts';
import type { Options } from './options.ts';
import { type Make, makePage } from './page.ts';
import { accuracyPlot, lossPlot } from './plots.ts';
import type { History } from './train.ts';

const MOST_WRONG = 200;
const SHOWN_RIGHT = 40;

/** What there is to report. */
export interface Results {
  readonly options: Options;
  readonly history: History;
  /** The digits that the model never trained on. */
  readonly test: Digits;
  readonly trainSize: number;
  readonly seconds: number;
}

/** The report as one HTML file that needs nothing else. */
export function reportHtml({ options, history, test, trainSize, seconds }: Results): string {
  const { document, make } = makePage('Handwritten digits');
  const wrong = places(test, history.predictions, false);
  const accuracy = (1 - wrong.length / sizeOf(test)) * 100;
  const { backend, epochs, batch, learningRate, seed } = options;
  const settings = { backend, epochs, batch, 'learning rate': learningRate, seed, 'training images': trainSize };
  const right = places(test, history.predictions, true).slice(0, SHOWN_RIGHT);
  const shown = [...wrong.slice(0, MOST_WRONG), ...right];
  const part = wrong.length > MOST_WRONG ? `the first ${MOST_WRONG} of ` : '';
  document.body.append(
    make('h1', {}, 'Handwritten digits'),
    make(
      'p',
      { class: 'result' },
      make('strong', { id: 'accuracy' }, `${accuracy.toFixed(2)} %`),
      ` of ${sizeOf(test)} test images recognised, after ${seconds.toFixed(1)} s of training.`,
    ),
    make('dl', { class: 'settings' }, ...Object.entries(settings).map(([name, value]) => pair(make, name, value))),
    section(
      make,
      'Training',
      make('div', { class: 'row', id: 'curves' }, lossPlot(document, history), accuracyPlot(document, history)),
    ),
    section(make, 'What was taken for what', confusionTable(make, confusionMatrix(test.labels, history.predictions))),
    section(
      make,
      `Test images: ${part}${wrong.length} misclassified, then some that are right`,
      make('div', { class: 'digits', id: 'digits' }, ...shown.map((i) => digit(make, test, i, history.predictions[i]))),
    ),
  );
  return `<!doctype html>\n${document.documentElement.outerHTML}\n`;
}

/** Writes the report into `folder`, which is made where there is none, and returns its path. */
export function writeReport(folder: string, results: Results): string {
  mkdirSync(folder, { recursive: true });
  const path = resolve(join(folder, 'digits.html'));
  writeFileSync(path, reportHtml(results));
  return path;
}

/** The places of the digits that were recognised, or of the others. */
function places({ labels }: Digits, predictions: Uint8Array, recognised: boolean): number[] {
  return [...labels.keys()].filter((i) => (labels[i] === predictions[i]) === recognised);
}

function section(make: Make, title: string, content: Element): Element {
  return make('section', {}, make('h2', {}, title), content);
}

function pair(make: Make, name: string, value: string | number): Element {
  return make('div', {}, make('dt', {}, name), make('dd', {}, String(value)));
}

/** Rows are what was written, columns what it was taken for; the shade is the share of the row. */
function confusionTable(make: Make, matrix: readonly (readonly number[])[]): Element {
  const classes = Array.from({ length: CLASSES }, (_, i) => String(i));
  const cell = (count: number, row: number, column: number, total: number): Element => {
    const color = row === column ? '22 163 74' : '220 38 38';
    // The root makes rare mistakes visible.
    const style = `background: rgb(${color} / ${total === 0 ? 0 : (0.7 * Math.sqrt(count / total)).toFixed(3)})`;
    return make('td', { style, title: `${row} taken for ${column}: ${count}` }, String(count));
  };
  const rows = matrix.map((counts, row) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return make(
      'tr',
      {},
      make('th', { scope: 'row' }, String(row)),
      ...counts.map((n, column) => cell(n, row, column, total)),
    );
  });
  const head = make(
    'tr',
    {},
    make('th', { title: 'down: what was written, across: what it was taken for' }, '↓ →'),
    ...classes.map((name) => make('th', { scope: 'col' }, name)),
  );
  return make('table', { id: 'confusion' }, make('thead', {}, head), make('tbody', {}, ...rows));
}

function digit(make: Make, { images, labels }: Digits, i: number, prediction: number): Element {
  const data = images.slice(i * PIXELS, (i + 1) * PIXELS);
  const png = encode({ width: SIDE, height: SIDE, channels: 1, depth: 8, data });
  const recognised = labels[i] === prediction;
  const caption = recognised ? `${labels[i]}` : `${labels[i]} taken for ${prediction}`;
  return make(
    'figure',
    {
      class: recognised ? 'digit' : 'digit wrong',
      'data-label': String(labels[i]),
      'data-prediction': String(prediction),
    },
    make('img', {
      src: `data:image/png;base64,${Buffer.from(png).toString('base64')}`,
      alt: caption,
      width: '56',
      height: '56',
    }),
    make('figcaption', {}, caption),
  );
}
