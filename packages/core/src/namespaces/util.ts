export { allocate as getTypedArrayFromDType, allocate as getArrayFromDType, bytesPerElement } from '../dtype.ts';
export { isTypedArray } from '../nested.ts';
export { sizeOf as sizeFromShape } from '../shape.ts';
export * from '../util/arrays.ts';
export * from '../util/assertions.ts';
export * from '../util/numbers.ts';
export * from '../util/shapes.ts';
export * from '../util/shuffle.ts';
