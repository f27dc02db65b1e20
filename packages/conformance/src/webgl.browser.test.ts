import '@wengert/backend-cpu';
import { createWebglBackend } from '@wengert/backend-webgl';
import type { Route } from '@wengert/core';
import { pointwiseOps } from '../../fusion/src/index.ts';
import { require } from './errors.ts';
import { describeBackend } from './vitest.ts';

function promised(route: Route, ops: string): Record<string, Route> {
  return Object.fromEntries(ops.split(/\s+/).map((op) => [op, route]));
}

/** What runs on the GPU, and what is left to the processor. */
const expect: Readonly<Record<string, Route>> = {
  ...promised('kernel', 'add sub mul div mod floorDiv pow maximum minimum atan2 neg abs sign floor ceil round'),
  ...promised('kernel', 'exp expm1 log log1p sqrt reciprocal sin cos tan asin acos atan sinh cosh tanh asinh acosh'),
  ...promised('kernel', 'atanh sigmoid erf hypot relu relu6 softplus less lessEqual equal logicalNot where cast'),
  ...promised('kernel', 'transpose broadcastTo reverse slice pad concat gather scatterAdd unfold fold'),
  ...promised('kernel', 'sum prod max min argMax cumsum softmax logSoftmax sort matMul conv conv2d'),
  ...promised('kernel', 'maxPool maxPool3d avgPool avgPool3d maxPoolIndices'),
  ...promised('fallback', 'fft triangularSolve cholesky solve slogdet eigh qr'),
  ...promised('composed', 'layerNorm gelu leakyRelu moments topk'),
};

const { kernels } = createWebglBackend();

/**
 * What docs/support.md says, which follows from the names of the kernels: nothing else falls back, and no kernel hands a
 * sample on, but for that of bits beyond 2^24. Launches of several ops have names of their own.
 */
function report(routes: ReadonlyMap<string, ReadonlySet<Route>>): void {
  const wrong: string[] = [];
  let right = 0;
  for (const [op, taken] of routes) {
    const route = kernels.has(op) ? 'kernel' : (expect[op] ?? 'composed');
    const allowed: readonly Route[] = op === 'bitwiseAnd' ? [route, 'fallback'] : [route, 'fused'];
    if ([...taken].every((one) => allowed.includes(one))) right++;
    else wrong.push(`${op} by ${[...taken]} instead of ${route}`);
  }
  require(right > 100 && wrong.length === 0, () => `${right} ops go as promised, but ${wrong.join('; ')}`);
}

/** With all tensors on the GPU: samples are small, and stay on the host for pointwise ops otherwise. */
describeBackend('webgl', () => createWebglBackend({ hostElements: 0 }), { expect, report, generated: { runs: 3 } });

describeBackend('webgl with small tensors on the host', createWebglBackend, {
  ops: (op) => pointwiseOps.some((pointwise) => pointwise === op),
  generated: { runs: 3 },
});
