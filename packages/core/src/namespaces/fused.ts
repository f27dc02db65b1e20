export {
  type FusedActivation as Activation,
  fusedConv2d as conv2d,
  fusedDepthwiseConv2d as depthwiseConv2d,
  fusedMatMul as matMul,
} from '../generated/ops.ts';
