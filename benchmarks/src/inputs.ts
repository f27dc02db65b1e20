import type { Classifier, Operand } from './problems.ts';

/** A generator of numbers from 0 to 1 that gives everyone the same inputs (Mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbers spread evenly from `low` to `high`; another `seed` gives others. */
export function uniform(shape: readonly number[], low: number, high: number, seed: number): Operand {
  const random = randomFrom(seed);
  const data = new Float32Array(shape.reduce((product, length) => product * length, 1));
  for (let i = 0; i < data.length; i++) data[i] = low + (high - low) * random();
  return { data, shape };
}

/** Weights of layers, each wide as its fan-in wants it, biases small but not zero. */
export function weightsOf(shapes: readonly (readonly number[])[], seed: number): Operand[] {
  return shapes.map((shape, i) => {
    const fanIn = shape.slice(0, -1).reduce((product, length) => product * length, 1);
    const width = shape.length === 1 ? 0.1 : Math.sqrt(6 / fanIn);
    return uniform(shape, -width, width, seed + i);
  });
}

/** Images of noise with labels in turn. */
export function classifier(imageShape: readonly number[], weightShapes: readonly (readonly number[])[]): Classifier {
  const [batch] = imageShape;
  const classes = 10;
  const labels = new Float32Array(batch * classes);
  for (let i = 0; i < batch; i++) labels[i * classes + ((i * 7) % classes)] = 1;
  return {
    images: uniform(imageShape, 0, 1, 1),
    labels: { data: labels, shape: [batch, classes] },
    weights: weightsOf(weightShapes, 2),
    rate: 0.1,
  };
}
