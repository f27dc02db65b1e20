import { backward } from '../backward.ts';
import { ReadCollector } from '../customGrad.ts';
import { alias, recordAs } from '../dispatch.ts';
import type { Op } from '../op/op.ts';
import { Follower } from '../pushforward.ts';
import { activeRecorders } from '../recorder.ts';
import { withScope } from '../scope.ts';
import { makeTensor, type Tensor } from '../tensor.ts';
import { tensorsIn } from '../tree.ts';
import { oneTensor } from './trace.ts';

/**
 * `f` without the memory of what happens inside: the tape keeps its inputs only and runs it again when a gradient is
 * taken. Values and gradients of every order are those of `f`; variables must not be assigned in between.
 * @example
 * grad(checkpoint((x: Tensor) => mul(mul(x, x), x)))(2).print(); // 12
 */
export function checkpoint<I extends readonly Tensor[]>(f: (...inputs: I) => Tensor): (...inputs: I) => Tensor {
  return (...inputs) => {
    // Forward mode keeps nothing, so there is nothing to save by running twice.
    if (activeRecorders().some((recorder) => recorder.opensComposites)) return f(...inputs);
    const [value] = withScope(() => [run(f, inputs)], tensorsIn);
    return value;
  };
}

function run<I extends readonly Tensor[]>(f: (...inputs: I) => Tensor, inputs: I): Tensor {
  const { result, variables } = ReadCollector.collect(() => f(...inputs));
  const value = oneTensor('checkpoint', result);
  const out = makeTensor(value, value.live('checkpoint').retain());
  const all = [...inputs, ...variables];
  const op: Op = {
    name: 'checkpoint',
    saves: all.map((_, i) => i),
    infer: () => [out],
    rule: {
      vjp([g], given) {
        if (g === null) return [];
        const follower = new Follower();
        const fresh = given.slice(0, inputs.length).map(alias);
        const followed = [...fresh, ...variables];
        const again = follower.follow(followed, () => f(...(fresh as readonly Tensor[] as I)));
        return backward(
          follower.list,
          [again],
          [g],
          followed.map((x) => [x.id]),
        );
      },
    },
  };
  recordAs(op, all, [out], undefined);
  return out;
}
