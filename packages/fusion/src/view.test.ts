import { broadcastShapes, type Shape, sizeOf } from '@wengert/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { broadcastView, compose, flatView, isFlat, placeOf, type View } from './view.ts';

const places = (view: View, size: number): number[] => Array.from({ length: size }, (_, i) => placeOf(view, i));

it('views of broadcasts are as short as they can be', () => {
  expect(broadcastView([2, 3], [2, 3])).toEqual(flatView(6));
  expect(broadcastView([2, 1, 3], [2, 1, 3])).toEqual(flatView(6));
  expect(broadcastView([], [2, 3])).toEqual({ base: 0, dims: [], steps: [] });
  expect(broadcastView([3], [4, 2, 3])).toEqual({ base: 0, dims: [8, 3], steps: [0, 1] });
  expect(broadcastView([4, 1, 1], [4, 2, 3])).toEqual({ base: 0, dims: [4, 6], steps: [1, 0] });
  expect(isFlat(flatView(1), 1) && isFlat(flatView(6), 6)).toBe(true);
  expect(isFlat(flatView(6), 12) || isFlat(flatView(1), 6)).toBe(false);
});

const shape = fc.array(fc.constantFrom(1, 2, 3, 4, 6), { maxLength: 4 });
/** A shape with some of its axes repeated from length 1. */
const repeated = (to: Shape): fc.Arbitrary<Shape> =>
  fc
    .tuple(...to.map((n) => fc.constantFrom(n, 1)))
    .chain((axes) => fc.nat(axes.length).map((from) => axes.slice(from)));

it('a composition finds what its two views find one after the other', () => {
  let composed = 0;
  const views = shape
    .chain((to) => fc.tuple(fc.constant(to), repeated(to)))
    .chain(([to, middle]) => fc.tuple(fc.constant(to), fc.constant(middle), repeated(middle)));
  fc.assert(
    fc.property(views, fc.boolean(), ([to, middle, from], flattened) => {
      if (sizeOf(to) !== sizeOf(broadcastShapes('test', to, middle))) return;
      const outer = broadcastView(middle, to);
      const inner = flattened ? broadcastView([], [sizeOf(middle)]) : broadcastView(from, middle);
      const both = compose(outer, inner);
      if (both === null) throw new Error('broadcasts of broadcasts compose');
      composed++;
      const expected = places(outer, sizeOf(to)).map((place) => placeOf(inner, place));
      expect(places(both, sizeOf(to))).toEqual(expected);
      // The same place for all is told by having no digits.
      expect(both.dims.length > 0 || new Set(expected).size <= 1).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(composed).toBeGreaterThan(1000);
});

it('views whose lengths do not divide each other do not compose', () => {
  expect(compose(broadcastView([3, 1, 4], [3, 5, 4]), broadcastView([2, 1], [2, 6]))).toBeNull();
  expect(compose(broadcastView([3, 1, 4], [3, 5, 4]), broadcastView([3, 1], [3, 4]))).toEqual({
    base: 0,
    dims: [3, 20],
    steps: [1, 0],
  });
});
