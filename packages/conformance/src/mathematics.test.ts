import { describe, test } from 'vitest';
import { generatedRuns } from '../../../scripts/generatedRuns.ts';
import { mathematicsCases } from './mathematicsCases.ts';

describe('mathematics', () => {
  for (const { name, run } of mathematicsCases({ generated: generatedRuns() })) test(name, run);
});
