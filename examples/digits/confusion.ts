import { CLASSES } from './data.ts';

/** How often each digit (row) was taken for each (column). */
export function confusionMatrix(labels: Uint8Array, predictions: Uint8Array): number[][] {
  const matrix = Array.from({ length: CLASSES }, () => new Array<number>(CLASSES).fill(0));
  for (const [i, label] of labels.entries()) matrix[label][predictions[i]]++;
  return matrix;
}
