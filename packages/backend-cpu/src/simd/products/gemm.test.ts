import { setFlagsFromString } from 'node:v8';
import { expect, it } from 'vitest';
import { generator } from '../../agreement.ts';
import { compile } from '../../wasm/module.ts';
import { relaxedWorks } from '../access.ts';
import { FUNCTIONS, productModule } from './productLoop.ts';

// Node 20 has it behind this flag.
if (!relaxedWorks()) setFlagsFromString('--experimental-wasm-relaxed-simd');

const random = generator(11);
const [ROOM_A, ROOM_B, A, B, OUT] = [1, 2, 6, 9, 12].map((megabytes) => megabytes * 2 ** 20);
const CASES = [
  [1, 1, 1],
  [4, 8, 8],
  [6, 5, 7],
  [7, 300, 30],
  [130, 257, 9],
  [5, 40, 2057],
];

/** The product of whatever lies in memory, in double. */
function expected(
  memory: ArrayBuffer,
  m: number,
  depth: number,
  n: number,
  turnedA: number,
  turnedB: number,
): number[] {
  const [a, b] = [new Float32Array(memory, A, m * depth), new Float32Array(memory, B, depth * n)];
  return Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let k = 0; k < depth; k++) {
      sum += a[turnedA ? k * m + i : i * depth + k] * b[turnedB ? j * depth + k : k * n + j];
    }
    return sum;
  });
}

for (const fused of [false, true]) {
  it(`multiplies in place and packed, with multiply-adds that round ${fused ? 'once' : 'twice'}`, () => {
    const memory = new WebAssembly.Memory({ initial: 256 });
    const product = compile(memory, productModule(fused))[FUNCTIONS.product];
    const floats = new Float32Array(memory.buffer);
    for (const [m, depth, n] of CASES) {
      floats.set(random([m * depth], 'float32').data, A / 4);
      floats.set(random([depth * n], 'float32').data, B / 4);
      for (const [turnedA, turnedB, packsA, packsB, adds] of [
        [0, 0, 0, 0, 0],
        [0, 0, 0, 1, 1],
        [1, 0, 0, 0, 1],
        [1, 0, 1, 0, 0],
        [0, 1, 0, 1, 0],
        [1, 1, 1, 1, 1],
      ]) {
        const result = new Float32Array(memory.buffer, OUT, m * n + 16).fill(3);
        const [stepA, stepB] = [turnedA ? m : depth, turnedB ? depth : n];
        const rooms = [packsA * ROOM_A, packsB * ROOM_B];
        product(OUT, 4 * n, A, 4 * stepA, turnedA, B, 4 * stepB, turnedB, m, n, depth, adds, ...rooms);
        for (const [i, sum] of expected(memory.buffer, m, depth, n, turnedA, turnedB).entries()) {
          expect(Math.abs(result[i] - sum - 3 * adds)).toBeLessThan(2e-5 * depth ** 0.5 + 1e-5);
        }
        // Nothing behind the product has been touched.
        expect(result.subarray(m * n).every((x) => x === 3)).toBe(true);
      }
    }
  });
}
