/** The words by which threads agree, as places in an Int32Array. */
export const GATE = 0;
export const NEXT = 1;
export const DONE = 2;
export const RESULT = 3;
export const BROKEN = 4;
export const COUNT = 5;
export const JOB = 6;
export const READY = 7;
export const WORDS = 16;

/** What a worker is sent once. */
export interface Assignment {
  readonly memory: WebAssembly.Memory;
  /** Where the words lie in it. */
  readonly words: number;
}

/**
 * What a worker runs. It is text, since a worker's code must be found whatever bundler was there before.
 *
 * A job is an array of numbers: where each task begins, then the tasks. A task is the count of its calls and these; a
 * call is the number of its module, where the module's bytes lie, how many they are, which of its functions is meant,
 * how many arguments follow, and these. Tasks are taken from a word that counts them beside the number of the job, so
 * that a worker which comes late to a job takes nothing from the next one.
 */
export function workerSource(): string {
  return `
'use strict';
const serve = ({ memory, words: base }) => {
  const words = new Int32Array(memory.buffer, base, ${WORDS});
  const modules = new Map();
  const functionOf = (number, bytes, length, index) => {
    let exported = modules.get(number);
    if (exported === undefined) {
      const code = new Uint8Array(memory.buffer, bytes, length).slice();
      exported = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory }, math: Math }).exports;
      modules.set(number, exported);
    }
    return exported[index];
  };
  const runTask = (numbers, at) => {
    let result = 0;
    let calls = numbers[at++];
    for (; calls > 0; calls--) {
      const f = functionOf(numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]);
      const count = numbers[at + 4];
      result |= f(...numbers.subarray(at + 5, at + 5 + count));
      at += 5 + count;
    }
    return result;
  };
  const work = (job) => {
    for (;;) {
      const word = Atomics.load(words, ${NEXT});
      const task = word & 0xffff;
      if (word >>> 16 !== (job & 0xffff) || task >= Atomics.load(words, ${COUNT})) return;
      if (Atomics.compareExchange(words, ${NEXT}, word, word + 1) !== word) continue;
      try {
        const numbers = new Float64Array(memory.buffer, Atomics.load(words, ${JOB}));
        Atomics.or(words, ${RESULT}, runTask(numbers, numbers[task]));
      } catch {
        Atomics.store(words, ${BROKEN}, 1);
      }
      Atomics.add(words, ${DONE}, 1);
      Atomics.notify(words, ${DONE});
    }
  };
  Atomics.add(words, ${READY}, 1);
  let seen = 0;
  for (;;) {
    // Waking a thread costs as much as a small kernel: between two jobs it stays awake for a moment.
    for (let turn = 0; turn < 20000 && Atomics.load(words, ${GATE}) === seen; turn++);
    Atomics.wait(words, ${GATE}, seen);
    seen = Atomics.load(words, ${GATE});
    work(seen);
  }
};
`;
}
