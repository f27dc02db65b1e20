import { spawnSync } from 'node:child_process';
import { ArgumentError } from '@wengert/core';
import { expect, it } from 'vitest';
import { agreement, generator } from '../agreement.ts';
import { convCall } from '../cases/convCalls.ts';
import { matMulCall } from '../cases/matMulCalls.ts';
import { createCpuBackend } from '../createCpuBackend.ts';
import { Heap } from '../heap.ts';
import { compile } from '../wasm/module.ts';
import { Crew, crewOf } from './crew.ts';
import { parts } from './tasks.ts';

const together = createCpuBackend({ simd: true, threads: 3 });
const alone = createCpuBackend({ simd: true });
const random = generator(5);

it('has the threads that were asked for, or says why not', () => {
  expect(together.threads).toEqual({ count: 3, reason: null });
  expect(alone.threads).toEqual({ count: 1, reason: null });
  expect(createCpuBackend({ simd: false, threads: 2 }).threads.reason).toMatch(/plain loops/);
  for (const threads of [0, 1.5, NaN, 1000]) expect(() => createCpuBackend({ threads })).toThrow(ArgumentError);
});

it('cuts work into parts that cover it', () => {
  expect(parts(10, 3, 1)).toEqual([
    [0, 4],
    [4, 4],
    [8, 2],
  ]);
  expect(parts(100, 8, 64)).toEqual([
    [0, 64],
    [64, 36],
  ]);
});

// Each element is computed by the same instructions, whoever runs them.
const agree = agreement(together, alone, 0, 0);

it('goes on alone where no memory is left to tell others, and together where there is again', async () => {
  const heap = new Heap(true);
  const crew = new Crew(heap, 2);
  await expect.poll(() => crew.ready).toBe(2);
  const [f] = compile(heap.memory, [{ parameters: 1, result: 'i32', body: (code) => code.do(code.parameters[0]) }]);
  const bits = (count: number) => Array.from({ length: count }, (_, i) => [{ f, args: [2 ** (i % 30)] }]);
  const all = 2 ** 30 - 1;
  expect(crew.run(bits(30))).toBe(all);
  const taken: [address: number, bytes: number][] = [];
  /** Takes all the memory that is left, and makes nonsense of it. */
  const exhaust = (): void => {
    for (let bytes = 2 ** 22; bytes >= 16; bytes /= 2) {
      for (let address = heap.allocate(bytes); address !== 0; address = heap.allocate(bytes)) {
        heap.view('bool', address, bytes).fill(255);
        taken.push([address, bytes]);
      }
    }
  };
  heap.pinned(() => {
    exhaust();
    expect(crew.run(bits(3000))).toBe(all);
    exhaust();
    for (let i = 0; i < 100; i++) expect(crew.run(bits(30))).toBe(all);
  });
  for (const block of taken) heap.free(...block);
  expect(crew.run(bits(3000))).toBe(all);
});

it('multiplies matrices together as alone, transposed and in batches', async () => {
  const crew = crewOf(3);
  if (typeof crew === 'string') throw new Error(crew);
  await expect.poll(() => crew.ready).toBe(3);
  for (const size of [
    [128, 128, 128],
    [257, 130, 101],
    [1000, 64, 64],
  ] as const) {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ]) {
      for (const batch of [[], [3]]) {
        agree(...matMulCall(random, 'float32', { size, batches: [batch, batch], transposeA, transposeB }));
      }
    }
  }
});

it('convolves together as alone, many images or one', async () => {
  const crew = crewOf(3);
  if (typeof crew === 'string') throw new Error(crew);
  await expect.poll(() => crew.ready).toBe(3);
  for (const images of [1, 2, 7]) {
    for (const border of [0, 1]) {
      const pad = [border, border] as const;
      const sizes = { x: [1, images, 45, 40, 12], filter: [1, 3, 3, 12, 20] };
      agree(...convCall(random, 'float32', { ...sizes, pads: [pad, pad] }));
    }
  }
});

it('runs large pointwise kernels together, whatever is repeated and wherever a row ends', () => {
  for (const [a, b] of [
    [[2 ** 18 + 3], [2 ** 18 + 3]],
    [[2 ** 18 + 3], []],
    [[600, 512], [512]],
    [
      [600, 512],
      [600, 1],
    ],
    [
      [7, 100, 500],
      [7, 1, 500],
    ],
    [[601, 511], [511]],
  ]) {
    for (const dtype of ['float32', 'float64'] as const) {
      const [x, y] = [random(a, dtype, 0.5, 2), random(b, dtype, 0.5, 2)];
      agree('sub', [x, y], {}, { shape: a, dtype });
      agree('less', [x, y], {}, { shape: a, dtype: 'bool' });
      agree('exp', [x], {}, { shape: a, dtype });
    }
  }
});

it('serves many jobs in a row', () => {
  const x = random([2 ** 17], 'float32');
  for (let i = 0; i < 40; i++) agree('add', [x, x], {}, x);
});

/** Runs a program in a process of its own, and returns what it printed. */
function run(lines: string): string {
  const program = `
    import { createCpuBackend } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
    import { ones, setBackend } from '@wengert/core';
    ${lines}`;
  const tsx = new URL('../../../../node_modules/tsx/dist/cli.mjs', import.meta.url).pathname;
  const args = [tsx, '--conditions=@wengert/source', '--input-type=module', '--eval', program];
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

it('lets a program exit that forgets it', () => {
  const printed = run(`
    await setBackend(createCpuBackend({ threads: 2 }));
    console.log(ones([300, 300]).matMul(ones([300, 300])).sum().dataSync()[0]);`);
  expect(printed).toBe('27000000\n');
});

it('serves with one thread where tensors lie in memory that cannot be shared', () => {
  const printed = run(`
    await setBackend(createCpuBackend());
    const x = ones([300, 300]).add(1);
    const { threads } = createCpuBackend({ threads: 2 });
    console.log(threads.count, threads.reason, x.sum().dataSync()[0]);`);
  expect(printed).toMatch(/^1 tensors lie in a memory that cannot be shared.* 180000\n$/);
});
