import { createReferenceBackend } from '@wengert/backend-reference';
import { GradientTape, hvp, scalar, setBackend, type Tensor, tidy } from '@wengert/core';
import { type Batch, batchOf, chainEnd, convLoss, mlpLoss, tensorOf } from './models.ts';
import type { Classifier, Problems } from './problems.ts';

const values = (tensors: readonly (Tensor | null)[]): Float64Array[] =>
  tensors.map((tensor) => Float64Array.from(tensor?.dataSync() ?? []));

/** The loss of each kind of classifier: images of rank 2 are for the perceptron. */
const lossOf = ({ images }: Batch) => (images.rank === 2 ? mlpLoss : convLoss);

/** The loss, and the weights after the step, in float64. */
export async function trainingStep(problem: Classifier): Promise<Float64Array[]> {
  await setBackend(createReferenceBackend());
  return tidy(() => {
    const batch = batchOf(problem);
    const weights = problem.weights.map(tensorOf);
    using tape = new GradientTape();
    tape.watch(weights);
    const loss = lossOf(batch)(batch, weights);
    const gradients = tape.gradient(loss, weights);
    return values([loss, ...weights.map((w, i) => w.sub(gradients[i]?.mul(problem.rate) ?? 0))]);
  });
}

/** The Hessian of the perceptron's loss times the vectors, in float64. */
export async function curvature(problem: Problems['hvp']): Promise<Float64Array[]> {
  await setBackend(createReferenceBackend());
  return tidy(() => {
    const batch = batchOf(problem);
    const vectors = problem.vectors.map(tensorOf);
    return values(hvp((weights: Tensor[]) => mlpLoss(batch, weights), problem.weights.map(tensorOf), vectors));
  });
}

/** The value of a scalar chain and its derivative, in float64. */
export async function chain(problem: Problems['scalarChain']): Promise<Float64Array[]> {
  await setBackend(createReferenceBackend());
  const x = scalar(problem.x, 'float64');
  using tape = new GradientTape();
  tape.watch(x);
  const y = chainEnd(x, problem);
  return values([y, tape.gradient(y, x)]);
}
