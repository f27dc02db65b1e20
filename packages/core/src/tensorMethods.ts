import type { TensorLike } from './convert.ts';
import { TensorBuffer } from './create/buffer.ts';
import type { DType, DTypeArrays } from './dtype.ts';
import { cast, reshape, where as select } from './generated/ops.ts';
import type { Rank, ShapeMap } from './rank.ts';
import type { SameRank } from './signatures.ts';
import type { Tensor } from './tensor.ts';
import type { Scalar, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D } from './tfjsTypes.ts';

// What tfjs has as methods only, each as a function of its tensor: `npm run generate` makes the methods of them.

/**
 * The one element as a tensor of rank 0.
 * @example
 * tensor([[7]]).asScalar().print(); // 7
 */
export function asScalar(x: Tensor): Scalar {
  return reshape<Rank.R0>(x, []);
}

/**
 * All elements along one axis.
 * @example
 * tensor([[1, 2], [3, 4]]).as1D().print(); // [1, 2, 3, 4]
 */
export function as1D(x: Tensor): Tensor1D {
  return reshape<Rank.R1>(x, [x.size]);
}

/**
 * The elements under a shape of rank 2.
 * @example
 * tensor([1, 2, 3, 4]).as2D(2, 2).print(); // [[1, 2], [3, 4]]
 */
export function as2D(x: Tensor, rows: number, columns: number): Tensor2D {
  return reshape<Rank.R2>(x, [rows, columns]);
}

/**
 * The elements under a shape of rank 3.
 * @example
 * tensor([1, 2]).as3D(1, 2, 1).print(); // [[[1], [2]]]
 */
export function as3D(x: Tensor, rows: number, columns: number, depth: number): Tensor3D {
  return reshape<Rank.R3>(x, [rows, columns, depth]);
}

/**
 * The elements under a shape of rank 4.
 * @example
 * tensor([1, 2]).as4D(1, 1, 2, 1).print(); // [[[[1], [2]]]]
 */
export function as4D(x: Tensor, rows: number, columns: number, depth: number, depth2: number): Tensor4D {
  return reshape<Rank.R4>(x, [rows, columns, depth, depth2]);
}

/**
 * The elements under a shape of rank 5.
 * @example
 * console.log(tensor([1, 2]).as5D(1, 1, 2, 1, 1).shape); // [1, 1, 2, 1, 1]
 */
export function as5D(
  x: Tensor,
  rows: number,
  columns: number,
  depth: number,
  depth2: number,
  depth3: number,
): Tensor5D {
  return reshape<Rank.R5>(x, [rows, columns, depth, depth2, depth3]);
}

/**
 * The elements under the shape of `other`.
 * @example
 * tensor([1, 2]).reshapeAs(tensor([[0], [0]])).print(); // [[1], [2]]
 */
export function reshapeAs(x: Tensor, other: Tensor): Tensor {
  return reshape(x, other.shape);
}

/**
 * tfjs's older name of `cast`.
 * @example
 * tensor([1.5]).asType('int32').print(); // [1]
 */
export function asType(x: Tensor, dtype: DType): SameRank {
  return cast(x, dtype);
}

/**
 * `cast` to float32.
 * @example
 * console.log(tensor([true]).toFloat().dtype); // float32
 */
export function toFloat(x: Tensor): SameRank {
  return cast(x, 'float32');
}

/**
 * `cast` to int32.
 * @example
 * tensor([-1.5]).toInt().print(); // [-1]
 */
export function toInt(x: Tensor): SameRank {
  return cast(x, 'int32');
}

/**
 * `cast` to bool.
 * @example
 * tensor([0, 2]).toBool().print(); // [false, true]
 */
export function toBool(x: Tensor): SameRank {
  return cast(x, 'bool');
}

/**
 * The values as a buffer whose elements can be read and set one by one.
 * @example
 * console.log((await tensor([[1, 2]]).buffer()).get(0, 1)); // 2
 */
export async function buffer<R extends Rank = Rank, D extends DType = 'float32'>(
  x: Tensor<R>,
): Promise<TensorBuffer<R, D>> {
  return buffered(x, await x.data<D>());
}

/**
 * As `buffer`, at once.
 * @example
 * console.log(tensor([[1, 2]]).bufferSync().get(0, 1)); // 2
 */
export function bufferSync<R extends Rank = Rank, D extends DType = 'float32'>(x: Tensor<R>): TensorBuffer<R, D> {
  return buffered(x, x.dataSync<D>());
}

function buffered<R extends Rank, D extends DType>(x: Tensor<R>, values: DTypeArrays[D]): TensorBuffer<R, D> {
  return new TensorBuffer<R, D>([...x.shape] as ShapeMap[R], x.dtype as D, values);
}

/**
 * The memory of the values.
 * @example
 * console.log((await tensor([1, 2], [2], 'int32').bytes()).length); // 8
 */
export async function bytes(x: Tensor): Promise<Uint8Array> {
  const { buffer: memory, byteOffset, byteLength } = await x.data();
  return new Uint8Array(memory, byteOffset, byteLength);
}

/**
 * These elements where `condition` is true, those of `other` elsewhere: as the function `where`, which takes the
 * condition first.
 * @example
 * tensor([1, 2]).where([true, false], 0).print(); // [1, 0]
 */
export function where(x: Tensor, condition: TensorLike, other: TensorLike): Tensor {
  return select(condition, x, other);
}
