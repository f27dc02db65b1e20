import { type Kernel, type KernelTable, type Shape, stridesOf } from '@wengert/core/functions';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import type { GpuStorage } from '../texture.ts';
import { mapViews } from '../views.ts';

const COPY = { key: 'copy', expression: 'x' };

/** Copies a view of a storage. */
export function copyView(
  device: Device,
  storage: GpuStorage,
  base: number,
  strides: readonly number[],
  shape: Shape,
): GpuStorage {
  return mapViews(device, COPY, [{ storage, base, strides }], shape, storage.bound);
}

/** A new storage of `size` times the same number. */
export function fill(device: Device, size: number, value: number, bound: number): GpuStorage {
  const number = value === Infinity ? 'wInfinity()' : value === -Infinity ? '-wInfinity()' : `float(${value})`;
  const source = (): Source => ({ inputs: 0, ints: [], glsl: `vec4 texel(int o) { return vec4(${number}); }` });
  return device.launch(`fill ${value}`, source, [], [], size, bound);
}

/** The base and the strides with which an input of `shape` and `strides` is read. */
type Place<A> = (shape: Shape, strides: readonly number[], attrs: A) => [number, number[]];

function strided<A>(device: Device, place: Place<A>): Kernel<A> {
  return (inputs, attrs, [out]) => {
    const storages = gpuInputs(inputs);
    if (storages === null) return null;
    const [{ shape }] = inputs;
    const [base, strides] = place(shape, stridesOf(shape), attrs);
    return [copyView(device, storages[0], base, strides, out.shape)];
  };
}

/** Kernels that only read their input with other strides. */
export function movementKernels(device: Device): KernelTable {
  return {
    transpose: strided(device, (_, strides, { perm }) => [0, perm.map((axis) => strides[axis])]),
    reverse: strided(device, (shape, strides, { axes }) => [
      axes.reduce((base, axis) => base + (shape[axis] - 1) * strides[axis], 0),
      strides.map((step, axis) => (axes.includes(axis) ? -step : step)),
    ]),
    slice: strided(device, (_, strides, { begin, strides: steps }) => [
      strides.reduce((base, step, axis) => base + begin[axis] * step, 0),
      strides.map((step, axis) => step * steps[axis]),
    ]),
    unfold: strided(device, (_, strides, { axes, strides: steps, dilations }) => [
      0,
      [
        ...strides.map((step, axis) => step * (steps[axes.indexOf(axis)] ?? 1)),
        ...axes.map((axis, k) => strides[axis] * dilations[k]),
      ],
    ]),
  };
}
