import { type Block, isFloating, type Output, type Spec, sizeOf } from '@wengert/core';
import type { Bounded, Exact } from './exactArithmetic.ts';
import { growth, TOLERANCES, type Tolerance, UNIT_ROUNDOFF } from './tolerance.ts';

/** An op on values with error bounds. */
type BoundedKernel = (
  exact: Exact,
  inputs: readonly Bounded[],
  attrs: unknown,
  outputs: readonly Output[],
) => Bounded[];

/** How errors pass through an op, by what the op is in its float inputs. */
type Passage = (op: string, tolerance: Tolerance) => BoundedKernel;

const isFloat = ({ dtype }: Spec): boolean => isFloating(dtype);

function unitsOf(tolerance: Tolerance, { dtype }: Spec): number {
  return isFloating(dtype) ? tolerance[dtype === 'float32' ? 'float32' : 'float64'] * UNIT_ROUNDOFF[dtype] : 0;
}

function mapped(exact: Exact, block: Block, f: (x: number, i: number) => number): Block {
  return isFloat(block) ? exact.write(exact.floats(block).map(f), block) : block;
}

function total(exact: Exact, spec: Spec, terms: readonly Block[]): Block | null {
  if (terms.length < 2) return terms[0] ?? null;
  const lists = terms.map(exact.read);
  return exact.write(
    new Float64Array(sizeOf(spec.shape)).map((_, i) => lists.reduce((sum, list) => sum + list[i], 0)),
    spec,
  );
}

const magnitude = (exact: Exact, { value }: Bounded): Block => mapped(exact, value, Math.abs);
const ones = (exact: Exact, { value }: Bounded): Block => mapped(exact, value, () => 1);
const errorOf = (exact: Exact, { value, error }: Bounded): Block => error ?? mapped(exact, value, () => 0);

function replaced<T>(list: readonly T[], at: number, x: T): T[] {
  return list.map((old, i) => (i === at ? x : old));
}

/** The error of the op's own roundings in a sum of terms, from the sum of their absolute values and their number. */
function accumulated(exact: Exact, units: number, out: Spec, sum: Block, count: Block, extra: number): Block {
  const counts = exact.read(count);
  return mapped(exact, { ...sum, ...out, dtype: 'float64' }, (s, i) =>
    s === 0 ? 0 : units * (growth(counts[i]) + extra) * s,
  );
}

/** Linear in all float inputs together, with coefficients 0 and 1. */
const linear: Passage =
  (op, tolerance) =>
  (exact, inputs, attrs, [out]) => {
    const of = (f: (input: Bounded) => Block): Block => exact.run(op, inputs.map(f), attrs, [out])[0];
    const value = of((x) => x.value);
    if (!isFloat(out)) return [{ value, error: null }];
    const errors: Block[] = [];
    if (inputs.some((x) => x.error !== null)) errors.push(of((x) => errorOf(exact, x)));
    if (tolerance.class === 'accumulated') {
      const sum = of((x) => magnitude(exact, x));
      errors.push(
        accumulated(
          exact,
          unitsOf(tolerance, out),
          out,
          sum,
          of((x) => ones(exact, x)),
          0,
        ),
      );
    }
    return [{ value, error: total(exact, out, errors) }];
  };

/** A sum of products of an element of each input. */
const bilinear: Passage =
  (op, tolerance) =>
  (exact, inputs, attrs, [out]) => {
    const of = (blocks: readonly Block[]): Block => exact.run(op, blocks, attrs, [out])[0];
    const value = of(inputs.map((x) => x.value));
    if (!isFloat(out)) return [{ value, error: null }];
    const sizes = inputs.map((x) => magnitude(exact, x));
    const errors = inputs.flatMap(({ error }, i) => (error ? [of(replaced(sizes, i, error))] : []));
    const count = of(inputs.map((x) => ones(exact, x)));
    errors.push(accumulated(exact, unitsOf(tolerance, out), out, of(sizes), count, 1));
    return [{ value, error: total(exact, out, errors) }];
  };

/** Element by element: the errors pass as the function itself changes when its arguments do. */
const pointwise: Passage =
  (op, tolerance) =>
  (exact, inputs, attrs, [out]) => {
    const of = (blocks: readonly Block[]): Block => exact.run(op, blocks, attrs, [out])[0];
    const values = inputs.map((x) => x.value);
    const value = of(values);
    if (!isFloat(out)) return [{ value, error: null }];
    const y = exact.floats(value);
    const units = unitsOf(tolerance, out);
    const errors =
      units === 0
        ? []
        : [
            exact.write(
              y.map((v) => units * Math.abs(v)),
              out,
            ),
          ];
    inputs.forEach(({ value: x, error }, i) => {
      if (error === null) return;
      const e = exact.read(error);
      const moved = [1, -1].map((sign) =>
        exact.floats(
          of(
            replaced(
              values,
              i,
              mapped(exact, x, (v, k) => v + sign * e[k]),
            ),
          ),
        ),
      );
      errors.push(
        exact.write(
          y.map((v, k) => Math.max(...moved.map((m) => deviation(v, m[k])))),
          out,
        ),
      );
    });
    return [{ value, error: total(exact, out, errors) }];
  };

/** Leaving the domain on one side says nothing. */
function deviation(from: number, to: number): number {
  return Number.isNaN(to) || from === to ? 0 : Math.abs(to - from);
}

/** Narrowing loses what does not fit the dtype. */
const conversion: Passage =
  (op) =>
  (exact, [x], attrs, [out]) => {
    const [value] = exact.run(op, [x.value], attrs, [out]);
    if (!isFloat(out)) return [{ value, error: null }];
    const lost = exact.floats(value).map((v) => (out.dtype === 'float32' ? Math.abs(v - Math.fround(v)) : 0));
    const errors = [...(x.error ? [x.error] : []), ...(lost.some((v) => v > 0) ? [exact.write(lost, out)] : [])];
    return [{ value, error: total(exact, out, errors) }];
  };

/** One of several elements: off by no more than the worst of them. */
const selection: Passage =
  (op) =>
  (exact, [x], attrs, [out, ...rest]) => {
    const [value, ...others] = exact.run(op, [x.value], attrs, [out, ...rest]);
    const worst = (error: Block): Block => {
      if (out.shape.length < x.value.shape.length) return exact.run('max', [error], attrs, [out])[0];
      const axes = [out.shape.length - 1];
      const shape = out.shape.map((n, i) => (axes.includes(i) ? 1 : n));
      const [max] = exact.run('max', [error], { axes }, [{ shape, dtype: 'float64' }]);
      return exact.run('broadcastTo', [{ ...max, shape }], { shape: out.shape }, [out])[0];
    };
    const error = x.error !== null && isFloat(out) && sizeOf(out.shape) > 0 ? worst(x.error) : null;
    return [{ value, error }, ...others.map((other) => ({ value: other, error: null }))];
  };

/** Every element of the last axis is a sum over that axis of both inputs, with coefficients of absolute value 1. */
const fourier: Passage = (op, tolerance) => (exact, inputs, attrs, outputs) => {
  const values = exact.run(
    op,
    inputs.map((x) => x.value),
    attrs,
    outputs,
  );
  const n = outputs[0].shape[outputs[0].shape.length - 1];
  const units = unitsOf(tolerance, outputs[0]) * (growth(2 * n) + 1);
  const scale = (attrs as { readonly inverse: boolean }).inverse ? n : 1;
  const terms = new Float64Array(sizeOf(outputs[0].shape));
  for (const input of inputs) {
    const x = exact.read(input.value);
    const e = exact.read(errorOf(exact, input));
    for (let i = 0; i < terms.length; i++) terms[i] += units * Math.abs(x[i]) + e[i];
  }
  const sums = new Float64Array(terms.length / (n || 1));
  terms.forEach((term, i) => {
    sums[Math.floor(i / n)] += term / scale;
  });
  const error = exact.write(
    terms.map((_, i) => sums[Math.floor(i / n)]),
    outputs[0],
  );
  return values.map((value) => ({ value, error }));
};

/** Relative perturbations of the inputs by which the conditioning of a factorisation is felt out. */
const PROBES: readonly ((i: number) => number)[] = [1, 2, 3].map(
  (k) => (i: number) => Math.sign(Math.sin(k + 7.3 * k * i)),
);

/** What backward stability promises: the exact result for inputs that were perturbed by a few roundings. */
const factorisation: Passage = (op, tolerance) => (exact, inputs, attrs, outputs) => {
  const values = exact.run(
    op,
    inputs.map((x) => x.value),
    attrs,
    outputs,
  );
  const units = unitsOf(tolerance, outputs[0]);
  const probes = PROBES.map((direction) =>
    exact.run(
      op,
      inputs.map((input) => perturbed(exact, input, units, direction)),
      attrs,
      outputs,
    ),
  );
  return values.map((value, k) => {
    const y = exact.floats(value);
    const largest = y.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    const felt = probes.map((probe) => {
      const moved = exact.read(probe[k]);
      return y.reduce((most, v, i) => Math.max(most, deviation(v, moved[i])), 0);
    });
    const bound = units * largest + Math.max(...felt);
    return { value, error: exact.write(y.fill(bound), outputs[k]) };
  });
};

function perturbed(exact: Exact, { value, error }: Bounded, units: number, direction: (i: number) => number): Block {
  const largest = exact.floats(value).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const e = error && exact.read(error);
  return mapped(exact, value, (x, i) => x + direction(i) * (units * largest + (e ? e[i] : 0)));
}

const PASSAGES: readonly (readonly [Passage, readonly string[]])[] = [
  [linear, ['transpose', 'broadcastTo', 'reverse', 'slice', 'pad', 'concat', 'gather', 'unfold']],
  [linear, ['sum', 'cumsum', 'scatterAdd', 'fold']],
  [bilinear, ['matMul', 'conv']],
  [selection, ['max', 'min', 'argMax', 'sort']],
  [conversion, ['cast']],
  [fourier, ['fft']],
  [factorisation, ['triangularSolve', 'cholesky', 'solve', 'slogdet', 'eigh', 'qr']],
];

const passageOf = new Map(PASSAGES.flatMap(([passage, ops]) => ops.map((op) => [op, passage] as const)));

/** A kernel for every op in the table of tolerances; those not named above are pointwise. */
export const boundedKernels: ReadonlyMap<string, BoundedKernel> = new Map(
  [...TOLERANCES].map(([op, tolerance]) => [op, (passageOf.get(op) ?? pointwise)(op, tolerance)]),
);
