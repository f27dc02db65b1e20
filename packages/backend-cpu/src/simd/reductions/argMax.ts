import { around, type KernelTable } from '@wengert/core/functions';
import { isFloat32, onHeap } from '../access.ts';
import { linewise } from '../rows/linewise.ts';
import { argMaxOfColumns, argMaxOfRows } from './argMaxLoop.ts';

const places = linewise(() => argMaxOfRows, argMaxOfColumns);

/** Where the largest floats stand. */
export const argMax: KernelTable = {
  argMax: onHeap(([x], { axis }, [out]) => (isFloat32(x) ? places(x, around(x.shape, axis), out) : null)),
};
