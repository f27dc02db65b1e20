import type { Local, Value } from '../../wasm/code.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as i32 from '../../wasm/i32.ts';
import * as i32x4 from '../../wasm/i32x4.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';
import { storeSome } from '../vectors.ts';
import { addProducts, indices, max, mean, scatter, type Window, weighted } from './poolFolds.ts';

/**
 * What is done with a window: its largest element is stored, or the number of that in x, or the mean of its elements, or
 * their sum by weights; or a value is put, or added, where the number of a largest element says, and zeros elsewhere in
 * the window; or products of a value with the weights are added to the elements, or with these to the weights.
 */
export type Kind = 'max' | 'indices' | 'mean' | 'weighted' | 'put' | 'add' | 'toElements' | 'toWeights';

const BYTES = 4;

/**
 * Windows that all see the same elements. Parameters: out, or the values that are put or added; the numbers of the
 * elements where, or the weights of each position and channel; x, and the address of its element number 0; how many images there are, and by how many bytes they lie
 * apart in out and in x; likewise lines of windows; how many windows there are in a line, side by side in out, and by
 * how many bytes they lie apart in x; channels, in fours where something is put or added; where the taps lie, in bytes,
 * as a table and its end, behind which is where their weights lie; and `otherwise`. Of so many taps as are unrolled there
 * must be no more and no less.
 */
export function poolLoop(kind: Kind, unrolled: number): Definition {
  return {
    parameters: [...new Array(15).fill('i32'), 'f32'],
    body(code) {
      const [out, numbers, x, zero, images, outImage, xImage, lines, outLine, xLine, across, step, ...others] =
        code.parameters;
      const [channels, taps, tapsEnd, number] = others;
      const otherwise = code.let(f32x4.splat(number));
      const [toImage, atImage, line, toLine, atLine, window, corner, left] = code.locals(8, 'i32');
      const [to, at, entry, tap, lane] = [...code.locals(4, 'i32'), code.local()];
      const fixed = Array.from({ length: unrolled }, (_, i) => code.let(i32.load(taps, BYTES * i), 'i32'));
      const apart = code.let(i32.sub(numbers, out), 'i32');
      const span = code.let(i32.sub(tapsEnd, taps), 'i32');
      const scene: Window = {
        code,
        at,
        otherwise,
        number: (i) => i32x4.add(lane, 4 * i),
        eachTap(body) {
          // The channel's weight lies as far behind those of the position as the channel behind the window's first.
          const channel = i32.sub(i32.add(numbers, at), corner);
          if (unrolled > 0) {
            for (const [i, local] of fixed.entries()) {
              body(local, i32.add(channel, i32.load(taps, BYTES * (unrolled + i))));
            }
            return;
          }
          code.set(entry, taps);
          code.upTo([entry], tapsEnd, BYTES, () => {
            code.set(tap, i32.load(entry));
            body(tap, i32.add(channel, i32.load(i32.add(entry, span))));
          });
        },
      };
      const products = kind === 'toElements' || kind === 'toWeights';
      const chunk = (vectors: number, inside: Value | null = null): Local[] => {
        if (products) {
          addProducts(scene, vectors, kind === 'toWeights', to, inside);
          return [];
        }
        const number = i32x4.splat(i32.div(i32.sub(at, zero), BYTES));
        if (kind === 'indices' || kind === 'put' || kind === 'add')
          code.set(lane, i32x4.add(number, code.lanes(0, 1, 2, 3)));
        if (kind !== 'put' && kind !== 'add') return { max, mean, indices, weighted }[kind](scene, vectors);
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
          code.while(i32.ge(left, 4 * vectors), () => {
            whole(vectors);
            for (const local of [to, at]) code.plus(local, 16 * vectors);
            code.plus(left, -(4 * vectors));
          });
        }
        code.if(left, () => {
          code.set(left, i32.mul(left, BYTES));
          if (products) chunk(1, i32x4.lt(code.lanes(0, 4, 8, 12), i32x4.splat(left)));
          else {
            // The last channels are computed with some that have been, so that nothing is stored behind them.
            code.if(
              i32.lt(channels, 4),
              () => {
                for (const result of chunk(1)) storeSome(code, [result, result], channels, to, lane, entry);
              },
              () => {
                for (const local of [to, at]) code.plus(local, i32.sub(left, 16));
                whole(1);
                code.plus(to, i32.sub(16, left));
              },
            );
          }
          code.plus(to, left);
        });
      };
      /** Runs the body so often, with addresses that move on. */
      const repeat = (count: Local, moving: readonly (readonly [Local, Value, Value])[], body: () => void): void => {
        for (const [local, start] of moving) code.set(local, start);
        code.times(count, () => {
          body();
          for (const [local, , by] of moving) code.plus(local, by);
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
