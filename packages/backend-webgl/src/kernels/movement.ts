import { type Kernel, type Shape, stridesOf } from '@wengert/core';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import type { GpuStorage } from '../texture.ts';
import { broadcastStrides, mapViews } from '../views.ts';

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

interface MovementAttrs {
  readonly perm: readonly number[];
  readonly axes: readonly number[];
  readonly begin: readonly number[];
  readonly strides: readonly number[];
  readonly window: readonly number[];
  readonly dilations: readonly number[];
}

type Strided = (shape: Shape, strides: readonly number[], attrs: MovementAttrs, out: Shape) => [number, number[]];

/** Ops that only read their input with other strides: their base and strides. */
const STRIDED: Readonly<Record<string, Strided>> = {
  transpose: (_, strides, { perm }) => [0, perm.map((axis) => strides[axis])],
  broadcastTo: (shape, _, __, out) => [0, broadcastStrides(shape, out)],
  reverse: (shape, strides, { axes }) => [
    axes.reduce((base, axis) => base + (shape[axis] - 1) * strides[axis], 0),
    strides.map((step, axis) => (axes.includes(axis) ? -step : step)),
  ],
  slice: (_, strides, attrs) => [
    strides.reduce((base, step, axis) => base + attrs.begin[axis] * step, 0),
    strides.map((step, axis) => step * attrs.strides[axis]),
  ],
  unfold: (_, strides, attrs) => [
    0,
    [
      ...strides.map((step, axis) => step * (attrs.strides[attrs.axes.indexOf(axis)] ?? 1)),
      ...attrs.axes.map((axis, k) => strides[axis] * attrs.dilations[k]),
    ],
  ],
};

/** Kernels that move elements without computing. */
export function movementKernels(device: Device): Record<string, Kernel> {
  const table: Record<string, Kernel> = {};
  for (const [op, strided] of Object.entries(STRIDED)) {
    table[op] = (inputs, attrs, [out]) => {
      const storages = gpuInputs(inputs);
      if (storages === null) return null;
      const [{ shape }] = inputs;
      const [base, strides] = strided(shape, stridesOf(shape), attrs as MovementAttrs, out.shape);
      return [copyView(device, storages[0], base, strides, out.shape)];
    };
  }
  return table;
}
