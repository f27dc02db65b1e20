import { createCpuBackend } from '@wengert/backend-cpu';
import { setBackend, type Tensor, tensor, tidy } from '@wengert/core';

/**
 * The resident memory of a synchronous loop of additions on tensors of 1 MB that disposes nothing: no finalizer runs in
 * it. Run by `npm run memory`, with the number of additions if it is not 100,000.
 */
const OPS = Number(process.argv[2] ?? 100_000);
const SAMPLES = 20;

const ways: Readonly<Record<string, (x: Tensor, one: Tensor) => Tensor>> = {
  'without tidy': (x, one) => x.add(one),
  'with tidy': (x, one) => tidy(() => x.add(one)),
  'four ops in each tidy': (x, one) => tidy(() => x.add(one).mul(one).add(one).sub(one)),
};

await setBackend(createCpuBackend());
for (const [name, step] of Object.entries(ways)) {
  const one = tensor(new Float32Array(2 ** 18).fill(1));
  let x = tensor(new Float32Array(2 ** 18));
  let peak = 0;
  const curve: number[] = [];
  const start = performance.now();
  for (let i = 1; i <= OPS; i++) {
    x = step(x, one);
    if (i % 50 === 0) peak = Math.max(peak, process.memoryUsage.rss());
    if (i % Math.max(1, Math.floor(OPS / SAMPLES)) === 0) curve.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
  }
  const perOp = ((performance.now() - start) / OPS) * 1000;
  console.log(
    `${name}: peak ${Math.round(peak / 2 ** 20)} MB, ${perOp.toFixed(0)} µs per step, x[0] = ${x.dataSync()[0]}`,
  );
  console.log(`  MB: ${curve.join(' ')}`);
}
