import type { Code, Local, Value } from '../wasm/code.ts';
import { f32x4, i32, i32x4, v128 } from '../wasm/instructions.ts';
import type { Definition } from '../wasm/module.ts';
import { storeSome } from './vectors.ts';

/**
 * What is done with a window: its largest element is stored, or the number of that in x, or the mean of its elements; or
 * a value is put, or added, where the number of a largest element says, and zeros elsewhere in the window.
 */
export type Kind = 'max' | 'indices' | 'mean' | 'put' | 'add';

const BYTES = 4;

/** What the code for a window refers to. */
interface Window {
  readonly code: Code;
  /** The first of the channels in x, whose number among all elements each of four lanes has in `number`. */
  readonly at: Local;
  readonly number: (vector: number) => Value;
  /** Runs the body for each element of the window: it lies `tap` bytes behind the first. */
  readonly eachTap: (body: (tap: Local) => void) => void;
  /** What the sum of a mean is multiplied by, or the largest of nothing but NaN. */
  readonly otherwise: Local;
}

/** Computes so many vectors of channels of a window. */
type Fold = (window: Window, vectors: number) => Local[];

const isNaN = (x: Value): Value => f32x4.ne(x, x);

function several(code: Code, vectors: number): Local[] {
  return Array.from({ length: vectors }, () => code.local('v128'));
}

const mean: Fold = ({ code, at, eachTap, otherwise }, vectors) => {
  const sums = several(code, vectors);
  for (const sum of sums) code.set(sum, code.floats(0));
  eachTap((tap) => {
    for (const [i, sum] of sums.entries()) code.set(sum, f32x4.add(sum, v128.load(i32.add(at, tap), 16 * i)));
  });
  for (const sum of sums) code.set(sum, f32x4.mul(sum, otherwise));
  return sums;
};

/** Whether in some lane nothing was larger than -Infinity, so that it matters whether there was a number at all. */
function undecided(code: Code, best: readonly Local[]): Value {
  return v128.anyTrue(
    f32x4.eq(
      best.reduce<Value>((x, y) => f32x4.pmin(x, y), best[0]),
      code.floats(-Infinity),
    ),
  );
}

/** NaN never wins. */
const max: Fold = ({ code, at, eachTap, otherwise }, vectors) => {
  const best = several(code, vectors);
  const [from, none] = [code.local('i32'), code.local('v128')];
  for (const local of best) code.set(local, code.floats(-Infinity));
  eachTap((tap) => {
    code.set(from, i32.add(at, tap));
    for (const [i, local] of best.entries()) code.set(local, f32x4.pmax(local, v128.load(from, 16 * i)));
  });
  code.if(undecided(code, best), () => {
    for (const [i, local] of best.entries()) {
      code.set(none, f32x4.eq(local, code.floats(-Infinity)));
      eachTap((tap) => {
        const value = code.let('v128', v128.load(i32.add(at, tap), 16 * i));
        code.set(none, v128.and(none, isNaN(value)));
      });
      code.set(local, v128.select(none, otherwise, local));
    }
  });
  return best;
};

/** The first of equals; a NaN only where there is nothing else. */
const indices: Fold = ({ code, at, number, eachTap }, vectors) => {
  const [best, where] = [several(code, vectors), several(code, vectors)];
  const [value, better, place, from] = [...several(code, 3), code.local('i32')];
  const find = (isBetter: (best: Local) => Value): void => {
    for (const local of best) code.set(local, code.floats(-Infinity));
    for (const local of where) code.set(local, code.ints(0));
    eachTap((tap) => {
      code.set(from, i32.add(at, tap));
      code.set(place, i32x4.splat(tap));
      for (const [i, local] of best.entries()) {
        code.set(value, v128.load(from, 16 * i));
        code.set(better, isBetter(local));
        code.set(local, v128.select(better, value, local));
        code.set(where[i], v128.select(better, place, where[i]));
      }
    });
  };
  find((local) => f32x4.gt(value, local));
  code.if(undecided(code, best), () => {
    // Until a number is found the best is a NaN.
    const found = several(code, vectors);
    for (const local of found) code.set(local, code.ints(0));
    find((local) => {
      const i = best.indexOf(local);
      const first = code.let('v128', v128.andNot(v128.not(isNaN(value)), found[i]));
      code.set(found[i], v128.or(found[i], v128.not(isNaN(value))));
      return v128.or(f32x4.gt(value, local), first);
    });
  });
  return where.map((local, i) => code.let('v128', i32x4.add(number(i), i32x4.shiftRight(local, 2))));
};

/** Puts values where the largest elements were, and zeros elsewhere in the window, or adds these. */
function scatter({ code, at, number, eachTap }: Window, vectors: number, adds: boolean, g: Local, numbers: Value) {
  const [values, where] = [several(code, vectors), several(code, vectors)];
  const [place, to] = [code.local('v128'), code.local('i32')];
  code.set(to, numbers);
  for (const [i, local] of values.entries()) {
    code.set(local, v128.load(g, 16 * i));
    code.set(where[i], i32x4.shl(i32x4.sub(v128.load(to, 16 * i), number(i)), 2));
  }
  eachTap((tap) => {
    code.set(to, i32.add(at, tap));
    code.set(place, i32x4.splat(tap));
    for (const [i, local] of values.entries()) {
      const value = v128.and(local, i32x4.eq(where[i], place));
      // Added to a zero at least, as what is added up is never -0.
      code.do(v128.store(to, f32x4.add(value, adds ? v128.load(to, 16 * i) : code.floats(0)), 16 * i));
    }
  });
}

/**
 * Windows that all see the same elements. Parameters: out, or the values that are put or added; the numbers of the
 * elements where; x, and the address of its element number 0; how many images there are, and by how many bytes they lie
 * apart in out and in x; likewise lines of windows; how many windows there are in a line, side by side in out, and by
 * how many bytes they lie apart in x; channels, in fours where something is put or added; where the taps lie, in bytes,
 * as a table and its end; and `otherwise`. Of so many taps as are unrolled there must be no more and no less.
 */
export function poolLoop(kind: Kind, unrolled: number): Definition {
  return {
    parameters: [...new Array(15).fill('i32'), 'f32'],
    body(code) {
      const [out, numbers, x, zero, images, outImage, xImage, lines, outLine, xLine, across, step, channels] =
        Array.from({ length: 13 }, (_, i) => code.parameter(i));
      const [taps, tapsEnd] = [code.parameter(13), code.parameter(14)];
      const otherwise = code.let('v128', f32x4.splat(code.parameter(15)));
      const [toImage, atImage, line, toLine, atLine, window, corner, left] = Array.from({ length: 8 }, () =>
        code.local('i32'),
      );
      const [to, at, entry, tap, lane] = [...Array.from({ length: 4 }, () => code.local('i32')), code.local('v128')];
      const fixed = Array.from({ length: unrolled }, (_, i) => code.let('i32', i32.load(taps, BYTES * i)));
      const apart = code.let('i32', i32.sub(numbers, out));
      const plus = (local: Local, value: Value): void => code.set(local, i32.add(local, value));
      const scene: Window = {
        code,
        at,
        otherwise,
        number: (i) => i32x4.add(lane, code.ints(4 * i)),
        eachTap(body) {
          if (fixed.length > 0) {
            for (const local of fixed) body(local);
            return;
          }
          code.set(entry, taps);
          code.while(i32.lt(entry, tapsEnd), () => {
            code.set(tap, i32.load(entry));
            body(tap);
            plus(entry, i32.const(BYTES));
          });
        },
      };
      const chunk = (vectors: number): Local[] => {
        const number = i32x4.splat(i32.div(i32.sub(at, zero), i32.const(BYTES)));
        if (kind !== 'max' && kind !== 'mean') code.set(lane, i32x4.add(number, code.lanes(0, 1, 2, 3)));
        if (kind !== 'put' && kind !== 'add') return { max, mean, indices }[kind](scene, vectors);
        scatter(scene, vectors, kind === 'add', to, i32.add(to, apart));
        return [];
      };
      const whole = (vectors: number): void => {
        for (const [i, result] of chunk(vectors).entries()) code.do(v128.store(to, result, 16 * i));
      };
      const oneWindow = (): void => {
        code.set(at, corner);
        code.set(left, channels);
        for (const vectors of [4, 1]) {
          code.while(i32.ge(left, i32.const(4 * vectors)), () => {
            whole(vectors);
            for (const local of [to, at]) plus(local, i32.const(16 * vectors));
            code.set(left, i32.sub(left, i32.const(4 * vectors)));
          });
        }
        code.if(left, () => {
          code.set(left, i32.mul(left, i32.const(BYTES)));
          // The last channels are computed with some that have been, so that nothing is stored behind them.
          code.if(
            i32.lt(channels, i32.const(4)),
            () => {
              for (const result of chunk(1)) storeSome(code, [result, result], channels, to, lane, entry);
            },
            () => {
              for (const local of [to, at]) plus(local, i32.sub(left, i32.const(16)));
              whole(1);
              plus(to, i32.sub(i32.const(16), left));
            },
          );
          plus(to, left);
        });
      };
      /** Runs the body so often, with addresses that move on. */
      const repeat = (count: Local, moving: readonly (readonly [Local, Value, Value])[], body: () => void): void => {
        for (const [local, start] of moving) code.set(local, start);
        code.while(count, () => {
          body();
          for (const [local, , by] of moving) plus(local, by);
          code.set(count, i32.sub(count, i32.const(1)));
        });
      };
      repeat(
        images,
        [
          [toImage, out, outImage],
          [atImage, x, xImage],
        ],
        () => {
          code.set(line, lines);
          repeat(
            line,
            [
              [toLine, toImage, outLine],
              [atLine, atImage, xLine],
            ],
            () => {
              code.set(to, toLine);
              code.set(window, across);
              repeat(window, [[corner, atLine, step]], oneWindow);
            },
          );
        },
      );
    },
  };
}
