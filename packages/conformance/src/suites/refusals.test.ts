import { createReferenceBackend } from '@wengert/backend-reference';
import { exp, unique } from '@wengert/core';
import { expSamples, uniqueSamples } from '@wengert/core/samples';
import { expect, test } from 'vitest';
import { checkRefusal, readsAtOnce } from './refusals.ts';

test('an op whose shape depends on values reads them at once, any other does not', async () => {
  expect(await readsAtOnce({ name: 'unique', f: unique, samples: uniqueSamples })).toBe(true);
  expect(await readsAtOnce({ name: 'exp', f: exp, samples: expSamples })).toBe(false);
});

test('a backend has to refuse it, with a BackendError', async () => {
  const declaration = { name: 'unique', f: unique, samples: uniqueSamples };
  const { readSync: _, ...silent } = createReferenceBackend();
  await expect(checkRefusal(silent, declaration)).resolves.toBeUndefined();
  await expect(checkRefusal(createReferenceBackend(), declaration)).rejects.toThrow(/does not throw BackendError/);
});
