import type { DType, Shape } from '@wengert/core';
import { dropAxes } from '@wengert/core';
import { expect, it } from 'vitest';
import { compare, FLOATS, generator, type Host, run } from '../agreement.ts';
import { createCpuBackend } from '../createCpuBackend.ts';

const cpu = createCpuBackend({ simd: false });
const random = generator(7);

/** Applies `f` to each line of x along `axis`; it gives a line of its own length, or of length 1. */
function alongAxis({ shape, dtype, data }: Host, axis: number, f: (line: number[]) => number[]): Float64Array {
  const after = shape.slice(axis + 1).reduce((product, n) => product * n, 1);
  const length = shape[axis];
  const lines: number[][] = [];
  for (let at = 0; at < data.length / length; at++) {
    const first = Math.floor(at / after) * length * after + (at % after);
    lines.push(f(Array.from({ length }, (_, i) => data[first + i * after])));
  }
  const kept = lines[0]?.length ?? 0;
  const out = new Float64Array(lines.length * kept);
  for (const [at, line] of lines.entries()) {
    for (const [i, x] of line.entries()) out[(Math.floor(at / after) * kept + i) * after + (at % after)] = x;
  }
  if (dtype === 'float32') out.set(Float32Array.from(out));
  return out;
}

const total = (line: readonly number[], f: (x: number) => number): number => line.reduce((sum, x) => sum + f(x), 0);

function host(values: Float64Array, shape: Shape, dtype: DType): Host {
  return { shape, dtype, data: dtype === 'float32' ? Float32Array.from(values) : values };
}

const CASES: [Shape, number][] = [
  [[1], 0],
  [[6], 0],
  [[3, 5], 1],
  [[3, 5], 0],
  [[2, 3, 4], 1],
  [[0, 3], 1],
];

const DEFINITIONS: Record<string, (line: number[]) => number[]> = {
  softmax: (line) => line.map((x) => Math.exp(x) / total(line, Math.exp)),
  logSoftmax: (line) => line.map((x) => x - Math.log(total(line, Math.exp))),
  logSumExp: (line) => [Math.log(total(line, Math.exp))],
  mean: (line) => [total(line, (x) => x) / line.length],
  prod: (line) => [line.reduce((product, x) => product * x, 1)],
};

for (const [op, definition] of Object.entries(DEFINITIONS)) {
  it(`${op} is what it is defined as`, () => {
    for (const dtype of FLOATS) {
      for (const [shape, axis] of CASES) {
        const x = random(shape, dtype);
        const drops = !op.endsWith('oftmax');
        const out = { shape: drops ? dropAxes(shape, [axis]) : shape, dtype };
        const [actual] = run(cpu, op, [x], drops ? { axes: [axis] } : { axis }, [out]);
        compare(
          `${op} along ${axis} of [${shape}]`,
          actual,
          host(alongAxis(x, axis, definition), out.shape, dtype),
          4,
          4,
        );
      }
    }
  });
}

it('large logits do not overflow, and infinite ones are exact', () => {
  const line = (...values: number[]): Host => ({
    shape: [values.length],
    dtype: 'float64',
    data: Float64Array.from(values),
  });
  const scalar = { shape: [], dtype: 'float64' as const };
  const logSumExp = (x: Host) => run(cpu, 'logSumExp', [x], { axes: [0] }, [scalar])[0][0];
  expect(logSumExp(line(1000, 1000))).toBeCloseTo(1000 + Math.LN2, 12);
  expect(logSumExp(line(-Infinity, -Infinity))).toBe(-Infinity);
  expect(logSumExp(line(Infinity, 3))).toBe(Infinity);
  expect(logSumExp(line())).toBe(-Infinity);
  const x = line(1000, 0, -1000);
  expect(run(cpu, 'softmax', [x], { axis: 0 }, [x])[0]).toEqual(Float64Array.of(1, 0, 0));
  expect(run(cpu, 'logSoftmax', [x], { axis: 0 }, [x])[0]).toEqual(Float64Array.of(0, -1000, -2000));
});

it('logSumExp joins neighbouring axes and leaves others to the decomposition', () => {
  const x = random([2, 3, 4], 'float64');
  const [joined] = run(cpu, 'logSumExp', [{ ...x, shape: [2, 12] }], { axes: [1] }, [{ shape: [2], dtype: 'float64' }]);
  expect(run(cpu, 'logSumExp', [x], { axes: [1, 2] }, [{ shape: [2], dtype: 'float64' }])[0]).toEqual(joined);
  const block = { ...x, storage: cpu.write(x.data, x) };
  expect(
    cpu.kernels.get('logSumExp')?.([block], { axes: [0, 2] }, [{ shape: [3], dtype: 'float64', scoped: false }]),
  ).toBeNull();
});

it('mean and prod reduce several axes and products of int32 wrap', () => {
  const x = random([2, 3, 4], 'float64');
  const [mean] = run(cpu, 'mean', [x], { axes: [0, 2] }, [{ shape: [3], dtype: 'float64' }]);
  for (let i = 0; i < 3; i++) {
    let sum = 0;
    for (const at of [0, 12]) for (let k = 0; k < 4; k++) sum += x.data[at + 4 * i + k];
    expect(mean[i]).toBeCloseTo(sum / 8, 14);
  }
  const large: Host = { shape: [2], dtype: 'int32', data: Int32Array.of(2 ** 31 - 1, 2 ** 31 - 1) };
  expect(run(cpu, 'prod', [large], { axes: [0] }, [{ shape: [], dtype: 'int32' }])[0]).toEqual(Int32Array.of(1));
});
