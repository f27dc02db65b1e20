import { describe, test } from 'vitest';
import { mathematicsCases } from './mathematicsCases.ts';

describe('mathematics', () => {
  for (const { name, run } of mathematicsCases()) test(name, run);
});
