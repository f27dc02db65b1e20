import { type Block, sizeOf } from '@wengert/core';
import type { Bounded } from './exactArithmetic.ts';
import {
  accumulated,
  deviation,
  errorOf,
  isFloat,
  magnitude,
  mapped,
  ones,
  type Passage,
  replaced,
  total,
  unitsOf,
} from './passage.ts';

/** Linear in all float inputs together, with coefficients 0 and 1. */
export const linear: Passage =
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
export const bilinear: Passage =
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
export const pointwise: Passage =
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

/** Narrowing loses what does not fit the dtype. */
export const conversion: Passage =
  (op) =>
  (exact, [x], attrs, [out]) => {
    const [value] = exact.run(op, [x.value], attrs, [out]);
    if (!isFloat(out)) return [{ value, error: null }];
    const lost = exact.floats(value).map((v) => (out.dtype === 'float32' ? Math.abs(v - Math.fround(v)) : 0));
    const errors = [...(x.error ? [x.error] : []), ...(lost.some((v) => v > 0) ? [exact.write(lost, out)] : [])];
    return [{ value, error: total(exact, out, errors) }];
  };

/** One of several elements: off by no more than the worst of them. */
export const selection: Passage =
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
