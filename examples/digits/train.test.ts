import '@wengert/backend-cpu';
import '@wengert/backend-reference';
import { type MemoryInfo, memory, openRecorders, openScopes, setBackend, setSeed } from '@wengert/core';
import { train } from '@wengert/optimizers';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { CLASSES, permutation, pick, sizeOf, split } from './data.ts';
import { loadDigits } from './loadDigits.ts';
import { makeModel } from './model.ts';
import { parseOptions } from './options.ts';
import { epochLine } from './progress.ts';
import { reportHtml } from './report.ts';
import { type History, trainModel } from './train.ts';

const digits = loadDigits();
const options = parseOptions(['--epochs', '1', '--batch', '10', '--learning-rate', '0.008']);

/** The main job's training on 300 images, 240 to learn from. */
async function trainFew(backend: string) {
  await setBackend(backend);
  setSeed(options.seed);
  const few = split(pick(digits, permutation(sizeOf(digits)).subarray(0, 300)), 60);
  const seen: MemoryInfo[] = [];
  const before = memory();
  let history: History;
  {
    using model = makeModel(64);
    using optimizer = train.adam(options.learningRate);
    history = await trainModel(model, optimizer, few, options, { onStep: () => seen.push(memory()) });
  }
  expect(memory()).toEqual(before);
  expect([openRecorders(), openScopes()]).toEqual([0, 0]);
  return { few, history, seen };
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

describe.each(['cpu', 'reference'])('training on %s', (backend) => {
  it('lowers the loss, holds its memory and repeats itself', async () => {
    const { few, history, seen } = await trainFew(backend);
    expect(history.steps.length).toBe(24);
    expect(mean(history.steps.slice(-6))).toBeLessThan(0.8 * mean(history.steps.slice(0, 6)));
    expect(history.predictions.length).toBe(sizeOf(few.test));
    expect(history.epochs[0].test.accuracy).toBeGreaterThan(0.4);
    for (const held of seen) expect(held).toEqual(seen[0]);
    expect((await trainFew(backend)).history).toEqual(history);
  }, 60_000);
});

describe('the report', () => {
  it('has the curves, the confusion matrix and the digits, and asks nothing of the network', async () => {
    const { few, history } = await trainFew('cpu');
    const html = reportHtml({ options, history, test: few.test, trainSize: sizeOf(few.train), seconds: 1.5 });
    const { document } = parseHTML(html);
    const wrong = few.test.labels.filter((label, i) => label !== history.predictions[i]).length;

    for (const label of ['loss', 'accuracy']) {
      const curve = document.querySelector(`#curves svg[aria-label="${label}"]`);
      expect(curve?.querySelectorAll('g[aria-label="dot"] circle').length).toBe(2);
      expect(curve?.querySelector('g[aria-label="line"] path')?.getAttribute('d')).toMatch(/^M[\d.,]+/);
    }

    const rows = [...document.querySelectorAll('#confusion tbody tr')];
    const counts = rows.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent)));
    expect(counts.map((row) => row.length)).toEqual(new Array(CLASSES).fill(CLASSES));
    expect(counts.flat().reduce((sum, n) => sum + n, 0)).toBe(60);
    expect(counts.reduce((sum, row, i) => sum + row[i], 0)).toBe(60 - wrong);
    expect(document.querySelector('#accuracy')?.textContent).toBe(`${((100 * (60 - wrong)) / 60).toFixed(2)} %`);

    const shown = [...document.querySelectorAll('#digits figure')];
    const isWrong = shown.map((figure) => figure.getAttribute('data-label') !== figure.getAttribute('data-prediction'));
    expect(wrong).toBeGreaterThan(0);
    expect(shown.length).toBe(wrong + Math.min(40, 60 - wrong));
    expect(isWrong).toEqual(shown.map((_, i) => i < wrong));
    const caption = shown[0].querySelector('figcaption')?.textContent;
    expect(caption).toBe(
      `${shown[0].getAttribute('data-label')} taken for ${shown[0].getAttribute('data-prediction')}`,
    );
    const sources = [...document.querySelectorAll('[src]')].map((element) => element.getAttribute('src') ?? '');
    expect(sources.length).toBe(shown.length);
    expect(sources.every((source) => source.startsWith('data:image/png;base64,iVBOR'))).toBe(true);
    expect(document.querySelectorAll('script, link, [href]').length).toBe(0);
  }, 60_000);
});

describe('epochLine', () => {
  it('names the epoch and both scores', () => {
    const result = { train: { loss: 0.5, accuracy: 0.875 }, test: { loss: 0.25, accuracy: 0.9375 } };
    expect(epochLine(1, 10, result)).toBe(
      'epoch 2/10: train loss 0.5000, accuracy 87.50 %; test loss 0.2500, accuracy 93.75 %',
    );
  });
});
