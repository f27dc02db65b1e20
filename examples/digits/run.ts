import { setBackend, setSeed } from '@wengert/core';
import { schedules, train } from '@wengert/optimizers';
import { walkThrough } from '../tape/walkThrough.ts';
import { sizeOf, split } from './data.ts';
import { loadDigits } from './loadDigits.ts';
import { HIDDEN, makeModel } from './model.ts';
import type { Options } from './options.ts';
import { showProgress } from './progress.ts';
import { writeReport } from './report.ts';
import { trainModel } from './train.ts';

const TEST_SIZE = 2000;

/** The whole demonstration: the tape programs, the training and the report. */
export async function run(options: Options, stream: NodeJS.WriteStream): Promise<void> {
  const { backend, epochs, batch, learningRate, seed } = options;
  const write = (line: string): void => void stream.write(`${line}\n`);
  if (!(await setBackend(backend))) throw new Error(`backend '${backend}' cannot start here`);

  setSeed(seed);
  write(`What a gradient tape does, on backend '${backend}'\n`);
  walkThrough(write);

  const digits = split(loadDigits(), TEST_SIZE);
  const trainSize = sizeOf(digits.train);
  write(`Training a network 784-${HIDDEN}-10 on ${trainSize} handwritten digits, testing it on ${TEST_SIZE}\n`);
  using model = makeModel();
  const stepsPerEpoch = Math.ceil(trainSize / batch);
  using optimizer = train.adam(schedules.cosineDecay(learningRate, epochs * stepsPerEpoch));
  const start = performance.now();
  const listener = showProgress(stream, epochs, stepsPerEpoch);
  const history = await trainModel(model, optimizer, digits, { epochs, batch }, listener);
  const seconds = (performance.now() - start) / 1000;

  const path = writeReport(options.out, { options, history, test: digits.test, trainSize, seconds });
  const accuracy = history.epochs[epochs - 1].test.accuracy;
  write(`\nTest accuracy: ${(100 * accuracy).toFixed(2)} % after ${seconds.toFixed(1)} s. Report: ${path}`);
}
