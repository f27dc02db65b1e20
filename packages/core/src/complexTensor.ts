import { allocate, type DTypeArrays, type TypedArray } from './dtype.ts';
import { format } from './format.ts';
import { platform } from './platform.ts';
import type { Shape } from './shape.ts';
import type { Tensor } from './tensor.ts';

/** One complex number after the other, each its real part and then its imaginary part. */
type Interleaved = DTypeArrays['float32'] | DTypeArrays['float64'];

/**
 * Complex numbers: a pair of real tensors of one shape and dtype, made by `complex`. No backend knows of it; ops that
 * take it work on its parts, through which gradients pass.
 */
export class ComplexTensor {
  /** The real parts. They belong to this pair: `real` gives them away. */
  readonly re: Tensor;
  /** The imaginary parts. They belong to this pair: `imag` gives them away. */
  readonly im: Tensor;

  /** Takes over both handles. @internal */
  constructor(re: Tensor, im: Tensor) {
    this.re = re;
    this.im = im;
  }

  /** 'complex64' is a pair of float32, 'complex128' one of float64. */
  get dtype(): 'complex64' | 'complex128' {
    return this.re.dtype === 'float64' ? 'complex128' : 'complex64';
  }

  get shape(): Shape {
    return this.re.shape;
  }

  /** The number of axes. */
  get rank(): number {
    return this.re.rank;
  }

  /** The number of complex elements. */
  get size(): number {
    return this.re.size;
  }

  get isDisposed(): boolean {
    return this.re.isDisposed;
  }

  /** The values in row-major order, each as its real part and then its imaginary part. */
  async data(): Promise<Interleaved> {
    const [re, im] = await Promise.all([this.re.data(), this.im.data()]);
    return this.interleave(re, im);
  }

  /** As `data`, at once. Throws `BackendError` on a backend that can only be read asynchronously. */
  dataSync(): Interleaved {
    return this.interleave(this.re.dataSync(), this.im.dataSync());
  }

  /** Gives up both parts. */
  dispose(): void {
    this.re.dispose();
    this.im.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The values for people, each as a pair. */
  toString(): string {
    if (this.isDisposed) return 'Tensor (disposed)';
    return `Tensor\n${format(this.dataSync(), [...this.shape, 2], this.re.dtype)}`;
  }

  /** Writes `toString` to the console. */
  print(): void {
    platform.console.log(this.toString());
  }

  private interleave(re: TypedArray, im: TypedArray): Interleaved {
    const out = allocate(this.re.dtype === 'float64' ? 'float64' : 'float32', 2 * re.length);
    for (let i = 0; i < re.length; i++) {
      out[2 * i] = re[i];
      out[2 * i + 1] = im[i];
    }
    return out;
  }
}
