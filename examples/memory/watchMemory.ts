import { currentBackend, type MemoryInfo, memory, setSeed } from '@wengert/core';
import { train } from '@wengert/optimizers';
import { CLASSES, type Digits, PIXELS } from '../digits/data.ts';
import { makeModel } from '../digits/model.ts';
import { trainStep } from '../digits/train.ts';

/** What was held after a step. */
export interface Held {
  readonly step: number;
  /** As core counts it. */
  readonly core: MemoryInfo;
  /** As the backend counts it. */
  readonly bytes: number | undefined;
  /** As the caller measures it. */
  readonly measured: number;
}

/** A few images of stripes, enough to train on. */
function stripes(count: number): Digits {
  const images = Uint8Array.from({ length: count * PIXELS }, (_, i) => (i * 31) % 256);
  return { images, labels: Uint8Array.from({ length: count }, (_, i) => i % CLASSES) };
}

/**
 * Trains a network 784-64-10 for `steps` steps of two images each, and returns what was held after every `every` steps
 * of these. All that training made is gone when this returns.
 */
export function watchMemory(steps: number, every: number, measure: () => number = () => 0): Held[] {
  setSeed(1);
  using model = makeModel(64);
  using optimizer = train.sgd(0.01);
  const batch = stripes(2);
  const held: Held[] = [];
  for (let step = 1; step <= steps; step++) {
    const { loss, correct } = trainStep(model, optimizer, batch);
    if (step % every === 0) {
      // Devices run ahead: a read waits for them.
      loss.dataSync();
      held.push({ step, core: memory(), bytes: currentBackend().memory?.().bytes, measured: measure() });
    }
    loss.dispose();
    correct.dispose();
  }
  return held;
}
