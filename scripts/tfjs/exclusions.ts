/** Tests, by file, by title or by both, with why they are on a list. */
export interface Rule {
  readonly file?: string;
  readonly title?: RegExp;
  readonly reason: string;
}

/** Files that are no part of the denominator. */
export const excludedFiles: readonly { readonly files: readonly string[]; readonly reason: string }[] = [
  { reason: 'strings', files: ['ops/string/*'] },
  { reason: 'ragged tensors', files: ['ops/ragged_*'] },
  { reason: 'pixels', files: ['ops/from_pixels_test.js', 'ops/to_pixels_test.js', 'ops/draw_test.js'] },
  {
    reason: "tfjs's private utilities",
    files: ['ops/*_util_test.js', 'ops/operation_test.js', 'ops/identity_pool_test.js'],
  },
];

const strings = 'makes string tensors';
const complex = 'an op that takes no complex numbers';
const ints = 'tfjs refuses int32 here; Wengert computes in floats';
const ties = 'kinks: max/min over axes with ties';
const equals = 'kinks: maximum/minimum of equals';
const powers = 'kinks: pow(-2, 3) d/dy';
const quotients = 'kinks: floorDiv, which is what tfjs divides int32 by';
const axes = 'tfjs has no softmax along other axes than the last';

/** Tests that are no part of the denominator. They run all the same, and must fail. */
export const excludedTitles: readonly Rule[] = [
  { file: 'ops/clone_test.js', title: /string (dtype|throws|works)/, reason: strings },
  { title: /should support string comparison$/, reason: strings },
  { title: /[Aa]ccepts string(\.|$| tensor| > slice)/, reason: strings },
  { title: /\d[dD] (string tensor|fill string|tensor with string)/, reason: strings },
  { file: 'ops/sparse_to_dense_test.js', title: /should work for string/, reason: strings },
  { file: 'ops/squeeze_test.js', title: /default|dimension|ones/, reason: strings },

  { title: /^(?!abs > |complex64 > ).*complex(64)?( (?!normalization)|$)/, reason: complex },
  { title: /(add|sub) > upcasts when dtypes dont match/, reason: complex },

  {
    title:
      /throws (for|when passed an) int32 tensor|throws when (input|filter|transforms|boxes|scores) is int32|input int32 throws/,
    reason: ints,
  },
  { title: /avgPool3d > throws when input dtype is not float32/, reason: ints },
  { file: 'ops/tanh_test.js', title: /throws for string tensor #2/, reason: ints },
  { file: 'ops/log_softmax_test.js', title: /axis=0 throws/, reason: axes },
  { file: 'ops/softmax_test.js', title: /dim=0 throws/, reason: axes },
  { title: /throws when both stride and dilation are greater than 1/, reason: 'tfjs cannot do both' },
  { title: /pool > (max|avg) throws when neither s=1 nor d=1/, reason: 'tfjs cannot do both' },
  {
    title: /pool > (max|avg) x=\[2,2,3\] f=\[1,1\] s=2 p=1 fractional outputs/,
    reason: 'tfjs takes a window of one element for the identity, whatever the strides and the padding',
  },
  { title: /depthwiseConv2d gradients > throws error on dilations > 1/, reason: 'tfjs has no such gradient' },
  { title: /maxPoolWithArgmax > throws when x is not rank 4/, reason: 'tfjs needs a batch' },
  {
    title: /depthwiseConv2D > input=1x5x5x1,f=3,s=1,d=2,p=explicit/,
    reason: 'pads the channels, which tfjs passes over in silence',
  },
  {
    title: /conv2dTranspose > input=8x8x8,output=4x4x8/,
    reason: 'no convolution makes this input of that output; tfjs passes over the rest of it',
  },
  { title: /oneHot > Depth 1 throws/, reason: 'tfjs cannot make rows of one element' },
  {
    title: /stack > non matching dtypes|addN > errors if arguments not of same dtype/,
    reason: 'tfjs does not promote here',
  },
  { title: /depthToSpace > throws for int32 input/, reason: 'tfjs cannot move int32 here' },
  { title: /einsum > .*duplicate axes not implemented yet/, reason: 'tfjs has no diagonals here' },
  { title: /einsum > more than two input tensors throws error/, reason: 'tfjs takes two tensors at most' },
  { title: /ensureShape > null shape/, reason: 'makes a tensor of null, which is no number' },
  {
    title: /mirrorPad > grad(ient with clones)?$/,
    reason: "tfjs's gradient leaves out the mirror images, through which the input acts as well",
  },
  { title: /errors if relevant ops are missing grads/, reason: 'tfjs has no gradient of logical ops' },
  { title: /MomentumOptimizer > basic/, reason: 'tfjs keeps the momentum as a tensor, and counts it' },
  { title: /if name already used, throw error/, reason: 'as in TensorFlow, two variables may share a name' },
  { title: /slice2d > grad$/, reason: 'differentiates by a value around the function, not by its argument' },
  { title: /MPRandGauss|RandGamma|UniformRandom/, reason: "tfjs's private generators" },
  {
    title: /avgPool > gradient .* p=explicit/,
    reason: "tfjs's gradient divides by the window, its value by the elements inside the image",
  },

  {
    file: 'ops/sign_test.js',
    title: /basic|NaNs|tensor-like/,
    reason: 'the sign of NaN: 0 in tfjs, NaN here, as in TensorFlow, NumPy and JAX',
  },

  { title: /div > gradient: (Tensor1D with int32|1d<int32> with 1d<bool>)/, reason: quotients },
  { title: /(max|min) gradient: .*ties/, reason: ties },
  { title: /(maximum|minimum) > gradients: Tensor[12]D/, reason: equals },
  { title: /pow > gradients: Tensor \^ Tensor$|gradient wrt exponent with negative base/, reason: powers },
];
