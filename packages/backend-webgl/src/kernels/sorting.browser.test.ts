import { createReferenceBackend } from '@wengert/backend-reference';
import type { DType } from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { createWebglBackend } from '../index.ts';
import { type Host, host, random } from '../testing.ts';

const webgl = createWebglBackend({ hostElements: 0 });
const reference = createReferenceBackend();

/** The values and the indices that a backend's kernel gives. */
function sorted(backend: typeof webgl, { data, ...x }: Host, descending: boolean): ArrayLike<number>[] {
  const storage = backend.write(data.slice(), x);
  const outs = [x, { ...x, dtype: 'int32' as const }];
  const results = backend.kernels.get('sort')?.(
    [{ ...x, storage }],
    { descending },
    outs.map((out) => ({ ...out, scoped: false })),
  );
  if (!results || backend.readSync === undefined) throw new Error('sort was not served');
  const values = results.map((result, k) => backend.readSync?.({ ...outs[k], storage: result }) ?? []);
  for (const one of [storage, ...results]) backend.free(one);
  return values;
}

function expectSame(x: Host): void {
  for (const descending of [false, true]) {
    const [values, indices] = sorted(reference, x, descending);
    const [actual, places] = sorted(webgl, x, descending);
    expect([...Array.from(actual)]).toEqual([...Array.from(values)]);
    expect([...Array.from(places)]).toEqual([...Array.from(indices)]);
  }
}

describe('sort', () => {
  it.each([[[1]], [[3]], [[4]], [[5, 7]], [[2, 3, 16]], [[3, 100]], [[4099]]])('rows of %j', (shape) => {
    expectSame(random(shape));
    for (const dtype of ['int32', 'bool'] as DType[]) expectSame(random(shape, dtype));
  });

  it('keeps equals as they stood and puts NaN last', () => {
    const values = [Number.NaN, 1, -0, 0, Number.NEGATIVE_INFINITY, Number.NaN, Number.POSITIVE_INFINITY, 1, 0, -1];
    expectSame(host([10], 'float32', values));
    expectSame(host([2, 5], 'float32', values));
  });

  it('leaves nothing behind', () => {
    const backend = createWebglBackend({ hostElements: 0 });
    sorted(backend, random([3, 50]), false);
    expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
  });
});
