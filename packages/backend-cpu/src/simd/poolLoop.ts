import type { Code, Local, Value } from '../wasm/code.ts';
import { f32x4, i32, i32x4, v128 } from '../wasm/instructions.ts';
import type { Definition } from '../wasm/module.ts';

/** What is stored for each window: its largest element, where that is in x, or the mean of what lies in the image. */
export type Kind = 'max' | 'indices' | 'mean';

/** Folds the elements of a window, four channels at a time. */
interface Fold {
  readonly start: () => void;
  readonly add: (value: Local, place: Local) => void;
  readonly result: () => Value;
}

function foldOf(kind: Kind, code: Code, base: Local, border: Local, weight: Local, channel: Local, first: Local): Fold {
  const best = code.local('v128');
  if (kind === 'mean') {
    return {
      start: () => code.set(best, code.floats(0)),
      add: (value) => code.set(best, f32x4.add(best, value)),
      result: () => f32x4.mul(best, weight),
    };
  }
  const isNaN = (x: Value): Value => f32x4.ne(x, x);
  if (kind === 'max') {
    return {
      start: () => code.set(best, border),
      // NaN never wins, and yields to the first number.
      add: (value) => code.set(best, v128.select(isNaN(best), value, f32x4.pmax(best, value))),
      result: () => best,
    };
  }
  const where = code.local('v128');
  const lanes = code.local('v128');
  const at = (place: Value): Value => i32x4.add(lanes, i32x4.splat(place));
  return {
    start() {
      code.set(best, border);
      code.set(lanes, i32x4.add(i32x4.splat(i32.add(base, channel)), code.lanes(0, 1, 2, 3)));
      code.set(where, at(i32.load(first)));
    },
    add(value, place) {
      const better = v128.or(f32x4.gt(value, best), v128.andNot(isNaN(best), isNaN(value)));
      const mask = code.let('v128', better);
      code.set(best, v128.select(mask, value, best));
      code.set(where, v128.select(mask, at(place), where));
    },
    result: () => where,
  };
}

/**
 * The windows of one image, whose table has for each window the number of its elements in the image, what its maximum
 * begins with or its mean is multiplied by, and the positions of the elements. Whole vectors of channels are computed;
 * what they spill is written again by the next window. Parameters: out, x, the number of x's first element, the table
 * and its end, channels.
 */
export function poolLoop(kind: Kind): Definition {
  return {
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    body(code) {
      const [out, x, base, table, end, channels] = Array.from({ length: 6 }, (_, i) => code.parameter(i));
      const [tap, taps, channel, place] = Array.from({ length: 4 }, () => code.local('i32'));
      const [header, value] = [code.local('v128'), code.local('v128')];
      const first = code.local('i32');
      const fold = foldOf(kind, code, base, header, header, channel, first);
      code.while(i32.lt(table, end), () => {
        code.set(header, v128.load32Splat(table, 4));
        code.set(first, i32.add(table, i32.const(8)));
        code.set(taps, i32.add(first, i32.shl(i32.load(table), i32.const(2))));
        code.set(channel, i32.const(0));
        code.repeat(
          () => {
            fold.start();
            code.set(tap, first);
            code.while(i32.lt(tap, taps), () => {
              code.set(place, i32.load(tap));
              const index = i32.add(place, channel);
              code.set(value, v128.load(i32.add(x, i32.shl(index, i32.const(2)))));
              fold.add(value, place);
              code.set(tap, i32.add(tap, i32.const(4)));
            });
            code.do(v128.store(i32.add(out, i32.shl(channel, i32.const(2))), fold.result()));
            code.set(channel, i32.add(channel, i32.const(4)));
          },
          i32.lt(channel, channels),
        );
        code.set(out, i32.add(out, i32.shl(channels, i32.const(2))));
        code.set(table, taps);
      });
    },
  };
}
