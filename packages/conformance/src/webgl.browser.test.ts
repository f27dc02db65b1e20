import '@wengert/backend-cpu';
import { createWebglBackend } from '@wengert/backend-webgl';
import type { Route } from '@wengert/core';
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
  ...promised('composed', 'layerNorm gelu leakyRelu variance topk'),
};

describeBackend('webgl', createWebglBackend, { expect, generated: { runs: 3 } });
