import { expect, it } from 'vitest';
import { signed, unsigned } from './encoding.ts';
import * as f32x4 from './f32x4.ts';
import * as f64x2 from './f64x2.ts';
import * as i32 from './i32.ts';
import { lanes } from './instruction.ts';
import { compile } from './module.ts';
import * as v128 from './v128.ts';

const memory = new WebAssembly.Memory({ initial: 1 });

it('encodes integers as the specification shows', () => {
  expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]);
  expect(unsigned(0)).toEqual([0]);
  expect(unsigned(2 ** 32 - 1)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
  expect(signed(-123456)).toEqual([0xc0, 0xbb, 0x78]);
  expect(signed(64)).toEqual([0xc0, 0x00]);
  expect(signed(-64)).toEqual([0x40]);
});

it('compiles loops, conditions and calls', () => {
  const [power] = compile(memory, [
    {
      parameters: 2,
      result: 'i32',
      body(code) {
        const [base, exponent] = code.parameters;
        const product = code.let(1, 'i32');
        code.while(exponent, () => {
          code.if(i32.and(exponent, 1), () => code.set(product, i32.mul(product, base)));
          code.set(base, i32.mul(base, base));
          code.set(exponent, i32.div(exponent, 2));
        });
        code.do(product);
      },
    },
  ]);
  expect(power(3, 13)).toBe(3 ** 13);
  expect(power(-7, 0)).toBe(1);
});

it('computes on vectors in memory, with constants made once', () => {
  const numbers = new Float32Array(memory.buffer);
  numbers.set([1, -2, 3, NaN, 10, 20, 30, 40]);
  const [run] = compile(memory, [
    {
      parameters: 1,
      body(code) {
        const [at] = code.parameters;
        const x = code.let(v128.load(at));
        const y = code.let(v128.load(at, 16));
        expect(code.floats(2)).toBe(code.floats(2));
        code.do(v128.store(at, f32x4.add(f32x4.mul(x, 2), y), 32));
        code.do(v128.store(at, f32x4.pmax(x, 0), 48));
        code.do(v128.store(at, lanes(x, y, [7, 1, 4, 0]), 64));
        const doubled = f64x2.mul(f64x2.fromFloats(y), 0.1);
        code.do(v128.store(at, f32x4.fromDoubles(doubled), 80));
      },
    },
  ]);
  run(0);
  expect([...numbers.subarray(8, 24)]).toEqual([12, 16, 36, NaN, 1, 0, 3, NaN, 40, -2, 10, 1, 1, 2, 0, 0]);
});
