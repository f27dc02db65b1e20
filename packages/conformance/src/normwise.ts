import { type Block, sizeOf } from '@wengert/core';
import type { Bounded, Exact } from './exactArithmetic.ts';
import { deviation, errorOf, mapped, type Passage, unitsOf } from './passage.ts';
import { growth } from './tolerance.ts';

/** Every element of the last axis is a sum over that axis of both inputs, with coefficients of absolute value 1. */
export const fourier: Passage = (op, tolerance) => (exact, inputs, attrs, outputs) => {
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
export const factorisation: Passage = (op, tolerance) => (exact, inputs, attrs, outputs) => {
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
