import type { TensorLike } from './convert.ts';
import { TensorBuffer } from './create/buffer.ts';
import type { DType, TypedArray } from './dtype.ts';
import { cast, reshape, where } from './generated/ops.ts';
import type { Tensor } from './tensor.ts';
import type { Rank } from './tfjsTypes.ts';
import { type Variable, variable } from './variable.ts';

// What tfjs has as a method only. The doc comments stay with the methods.

/** The methods that are no functions, each as a function of its tensor. */
export interface OwnMethods {
  /** The one element as a tensor of rank 0. */
  asScalar(x: Tensor): Tensor;
  /** All elements along one axis. */
  as1D(x: Tensor): Tensor;
  /** The elements under a shape of rank 2. */
  as2D(x: Tensor, rows: number, columns: number): Tensor;
  /** The elements under a shape of rank 3. */
  as3D(x: Tensor, rows: number, columns: number, depth: number): Tensor;
  /** The elements under a shape of rank 4. */
  as4D(x: Tensor, rows: number, columns: number, depth: number, depth2: number): Tensor;
  /** The elements under a shape of rank 5. */
  as5D(x: Tensor, rows: number, columns: number, depth: number, depth2: number, depth3: number): Tensor;
  /** The elements under the shape of `other`. */
  reshapeAs(x: Tensor, other: Tensor): Tensor;
  /** tfjs's older name of `cast`. */
  asType(x: Tensor, dtype: DType): Tensor;
  /** `cast` to float32. */
  toFloat(x: Tensor): Tensor;
  /** `cast` to int32. */
  toInt(x: Tensor): Tensor;
  /** `cast` to bool. */
  toBool(x: Tensor): Tensor;
  /** The values as a buffer whose elements can be read and set one by one. */
  buffer(x: Tensor): Promise<TensorBuffer<Rank, DType>>;
  /** As `buffer`, at once. */
  bufferSync(x: Tensor): TensorBuffer<Rank, DType>;
  /** The memory of the values. */
  bytes(x: Tensor): Promise<Uint8Array>;
  /** A variable with the present values: as the function `variable`. */
  variable(x: Tensor, trainable?: boolean, name?: string, dtype?: DType): Variable;
  /** These elements where `condition` is true, those of `other` elsewhere: as the function `where`, which takes the condition first. */
  where(x: Tensor, condition: TensorLike, other: TensorLike): Tensor;
}

export const ownMethods: OwnMethods = {
  asScalar: (x) => reshape(x, []),
  as1D: (x) => reshape(x, [x.size]),
  as2D: (x, ...shape) => reshape(x, shape),
  as3D: (x, ...shape) => reshape(x, shape),
  as4D: (x, ...shape) => reshape(x, shape),
  as5D: (x, ...shape) => reshape(x, shape),
  reshapeAs: (x, other) => reshape(x, other.shape),
  asType: cast,
  toFloat: (x) => cast(x, 'float32'),
  toInt: (x) => cast(x, 'int32'),
  toBool: (x) => cast(x, 'bool'),
  buffer: async (x) => buffered(x, await x.data()),
  bufferSync: (x) => buffered(x, x.dataSync()),
  async bytes(x) {
    const { buffer, byteOffset, byteLength } = await x.data();
    return new Uint8Array(buffer, byteOffset, byteLength);
  },
  variable,
  where: (x, condition, other) => where(condition, x, other),
};

function buffered(x: Tensor, values: TypedArray): TensorBuffer<Rank, DType> {
  return new TensorBuffer<Rank, DType>([...x.shape], x.dtype, values);
}
