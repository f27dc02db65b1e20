import type { Backend } from './backend.ts';
import { backendNames, findBackend } from './backends.ts';
import { recordAs, transfer } from './dispatch.ts';
import { BackendError } from './errors.ts';
import type { Op } from './op/op.ts';
import type { Tensor } from './tensor.ts';

/** The op of moving from one backend to another; its transpose moves back. */
function moveOp(from: Backend, target: Backend): Op {
  return {
    name: 'to',
    saves: [],
    infer: (inputs) => inputs,
    rule: { vjp: ([g]) => [g && move(g, from)], jvp: ([t]) => [t && move(t, target)] },
  };
}

function move(x: Tensor, backend: Backend): Tensor {
  const from = x.backend;
  const y = transfer(x, backend);
  recordAs(moveOp(from, backend), [x], [y], undefined);
  return y;
}

/**
 * The same values on another backend, given by name or as an object: a copy, through which gradients pass. Throws
 * `BackendError` where the name is unknown, `DTypeError` where the backend does not store the dtype.
 * @example
 * import '@wengert/backend-reference';
 * to(tensor([1, 2]), 'reference').mul(2).print(); // [2, 4]
 */
export function to(x: Tensor, backend: string | Backend): Tensor {
  const target = typeof backend === 'string' ? findBackend(backend) : backend;
  if (target === undefined) {
    throw new BackendError(
      `to: no backend '${String(backend)}' is ready; known are ${backendNames().join(', ') || 'none'}`,
    );
  }
  return move(x, target);
}
