export { confusionMatrix } from '../generated/ops.ts';
