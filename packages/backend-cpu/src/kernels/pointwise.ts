import type { Block, Kernel, Output, TypedArray } from '@wengert/core/functions';
import { perDType } from '../own.ts';
import { type CpuStorage, storageOf, view } from '../storage.ts';
import { walk } from '../strides.ts';
import { plan, target } from './broadcasting.ts';
import { type Binary, binaryFormulas, int32Formulas, type Unary, unaryFormulas } from './formulas.ts';

// Lengths are parameters: engines would ask an array for its own in each turn.

function unaryLoop(f: Unary, out: TypedArray, length: number, x: TypedArray): void {
  for (let i = 0; i < length; i++) out[i] = f(x[i]);
}

/** Inputs step by 1 beside the output or stand still. */
function flatLoop(
  f: Binary,
  out: TypedArray,
  length: number,
  x: TypedArray,
  stepX: number,
  y: TypedArray,
  stepY: number,
): void {
  if (stepX === stepY) for (let i = 0; i < length; i++) out[i] = f(x[i], y[i]);
  else if (stepY === 0) {
    const fixed = y[0];
    for (let i = 0; i < length; i++) out[i] = f(x[i], fixed);
  } else {
    const fixed = x[0];
    for (let i = 0; i < length; i++) out[i] = f(fixed, y[i]);
  }
}

/** Two nested loops; along the inner one each input steps by 1 or stands still. */
function nestedLoop(
  f: Binary,
  out: TypedArray,
  o: number,
  rows: number,
  columns: number,
  x: TypedArray,
  ix: number,
  rowX: number,
  stepX: number,
  y: TypedArray,
  iy: number,
  rowY: number,
  stepY: number,
): void {
  for (let row = 0; row < rows; row++, o += columns, ix += rowX, iy += rowY) {
    if (stepX === stepY) for (let i = 0; i < columns; i++) out[o + i] = f(x[ix + i], y[iy + i]);
    else if (stepY === 0) {
      const fixed = y[iy];
      for (let i = 0; i < columns; i++) out[o + i] = f(x[ix + i], fixed);
    } else {
      const fixed = x[ix];
      for (let i = 0; i < columns; i++) out[o + i] = f(fixed, y[iy + i]);
    }
  }
}

const whereLoop = perDType(
  (
    out: TypedArray,
    o: number,
    length: number,
    condition: TypedArray,
    ic: number,
    stepC: number,
    x: TypedArray,
    ix: number,
    stepX: number,
    y: TypedArray,
    iy: number,
    stepY: number,
  ): void => {
    for (let i = 0; i < length; i++, ic += stepC, ix += stepX, iy += stepY) {
      out[o + i] = condition[ic] !== 0 ? x[ix] : y[iy];
    }
  },
);

function unary(formula: Unary): Kernel {
  const loops = perDType(unaryLoop);
  const truth: Unary = (x) => (formula(x) !== 0 ? 1 : 0);
  return (inputs, _, outputs) => {
    const x = inputs[0];
    const out = outputs[0];
    const result = target(inputs, out);
    loops(x.dtype)(out.dtype === 'bool' ? truth : formula, result.data, result.length, view(x));
    return [result];
  };
}

function binary(formula: Binary, wrapping: Binary = formula): Kernel {
  const loops = perDType(flatLoop);
  const nests = perDType(nestedLoop);
  const truth: Binary = (x, y) => (formula(x, y) !== 0 ? 1 : 0);
  return (inputs, _, outputs) => {
    const x = inputs[0];
    const y = inputs[1];
    const out = outputs[0];
    const result = target(inputs, out);
    const f = out.dtype === 'bool' ? truth : out.dtype === 'int32' ? wrapping : formula;
    const { data, length } = result;
    const storageX = storageOf(x);
    const storageY = storageOf(y);
    // Lengths tell: an input is repeated where it has fewer elements than the output.
    const stepX = storageX.length === length ? 1 : 0;
    const stepY = storageY.length === length ? 1 : 0;
    if ((stepX === 1 || storageX.length === 1) && (stepY === 1 || storageY.length === 1)) {
      loops(x.dtype)(f, data, length, storageX.data, stepX, storageY.data, stepY);
    } else if (length > 0) broadcast(nests(x.dtype), f, data, x, y, out);
    return [result];
  };
}

function broadcast(loop: typeof nestedLoop, f: Binary, data: TypedArray, x: Block, y: Block, out: Output): void {
  const nest = plan([x, y], out, 2);
  const outer = nest.dims.length - 2;
  const [rows, columns] = nest.dims.slice(outer);
  const [rowX, stepX] = nest.strides[1].slice(outer);
  const [rowY, stepY] = nest.strides[2].slice(outer);
  const dataX = view(x);
  const dataY = view(y);
  walk(nest, outer, ([o, ix, iy]) => loop(f, data, o, rows, columns, dataX, ix, rowX, stepX, dataY, iy, rowY, stepY));
}

function where([condition, x, y]: readonly Block[], out: Output): CpuStorage {
  const result = target([x, y], out);
  if (result.data.length === 0) return result;
  const nest = plan([condition, x, y], out, 1);
  const last = nest.dims.length - 1;
  const length = nest.dims[last];
  const [stepC, stepX, stepY] = nest.strides.slice(1).map((steps) => steps[last]);
  const [chosen, dataX, dataY] = [view(condition), view(x), view(y)];
  const loop = whereLoop(out.dtype);
  walk(nest, last, ([o, ic, ix, iy]) =>
    loop(result.data, o, length, chosen, ic, stepC, dataX, ix, stepX, dataY, iy, stepY),
  );
  return result;
}

/** Every pointwise kernel. */
export const pointwise: Record<string, Kernel> = {
  where: (inputs, _, [out]) => [where(inputs, out)],
};
for (const [name, formula] of Object.entries(unaryFormulas)) pointwise[name] = unary(formula);
for (const [name, formula] of Object.entries(binaryFormulas)) pointwise[name] = binary(formula, int32Formulas[name]);
