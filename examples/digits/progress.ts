import { SingleBar } from 'cli-progress';
import type { Epoch, Listener } from './train.ts';

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** The line that says what an epoch came to. */
export function epochLine(epoch: number, epochs: number, { train, test }: Epoch): string {
  return `epoch ${epoch + 1}/${epochs}: train loss ${train.loss.toFixed(4)}, accuracy ${percent(train.accuracy)}; test loss ${test.loss.toFixed(4)}, accuracy ${percent(test.accuracy)}`;
}

/** Shows training on `stream`: a bar that fills in each epoch on a terminal, and one line for each epoch everywhere. */
export function showProgress(stream: NodeJS.WriteStream, epochs: number, stepsPerEpoch: number): Listener {
  const bar = new SingleBar({
    stream,
    format: 'epoch {epoch} [{bar}] {value}/{total} steps, loss {loss}, {eta_formatted} left',
    clearOnComplete: true,
    hideCursor: true,
    noTTYOutput: false,
  });
  return {
    onStep(epoch, step, loss) {
      const payload = { epoch: `${epoch + 1}/${epochs}`, loss: loss.toFixed(4) };
      if (step === 0) bar.start(stepsPerEpoch, 1, payload);
      else bar.update(step + 1, payload);
    },
    onEpoch(epoch, result) {
      bar.stop();
      stream.write(`${epochLine(epoch, epochs, result)}\n`);
    },
  };
}
