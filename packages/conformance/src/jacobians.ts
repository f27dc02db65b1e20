import { type Backend, showShape } from '@wengert/core';
import { indexOf } from './compare.ts';
import { type Mapping, pullback, pushforward } from './derivatives.ts';
import { centralDifference } from './finiteDifferences.ts';
import type { Entry, Mode } from './gradientCheckError.ts';
import { evaluate, type Point, tensorsAt } from './pointOnHost.ts';

/** One row per element of the outputs, one column per element of the inputs. */
type Matrix = number[][];

const SHOWN = 12;

/** The unit directions of all elements, one after the other. */
function* units(points: readonly Point[]): Iterable<Point[]> {
  for (const [k, { values }] of points.entries()) {
    for (let i = 0; i < values.length; i++) {
      yield points.map(({ shape, values: old }, j) => {
        const unit = new Float64Array(old.length);
        if (j === k) unit[i] = 1;
        return { shape, values: unit };
      });
    }
  }
}

/** All elements in one list; a null has none that differ from 0. */
function flat(points: readonly (Point | null)[], like: readonly Point[]): number[] {
  return points.flatMap((point, k) => [...(point?.values ?? new Float64Array(like[k].values.length))]);
}

function transposed(rows: Matrix, columns: number): Matrix {
  return Array.from({ length: columns }, (_, j) => rows.map((row) => row[j]));
}

/** The whole Jacobian from a rule, and by differences, with the entry in which they differ most. */
export function compareJacobians(
  backend: Backend,
  f: Mapping,
  inputs: readonly Point[],
  outputs: readonly Point[],
  mode: Mode,
  h: number,
): { worst: Entry; text: string } {
  const numeric = transposed(
    [...units(inputs)].map((unit) => flat(centralDifference(backend, f, inputs, unit, h), outputs)),
    flat(outputs, outputs).length,
  );
  const rule =
    mode === 'reverse'
      ? [...units(outputs)].map((unit) =>
          flat(
            evaluate(backend, inputs, (xs) => pullback(f, xs, tensorsAt(backend, unit))),
            inputs,
          ),
        )
      : transposed(
          [...units(inputs)].map((unit) =>
            flat(
              evaluate(backend, inputs, (xs) => pushforward(f, xs, tensorsAt(backend, unit))),
              outputs,
            ),
          ),
          numeric.length,
        );
  const [row, column] = farthest(rule, numeric);
  const worst = {
    output: elementName('y', outputs, row),
    input: elementName('x', inputs, column),
    got: rule[row]?.[column] ?? NaN,
    expected: numeric[row]?.[column] ?? NaN,
  };
  return { worst, text: `by the rule:\n${print(rule)}\nby differences:\n${print(numeric)}` };
}

function farthest(a: Matrix, b: Matrix): [row: number, column: number] {
  let place: [number, number] = [0, 0];
  let most = -1;
  a.forEach((row, i) => {
    row.forEach((x, j) => {
      const off = Math.abs(x - b[i][j]);
      if (off > most || (Number.isNaN(off) && most < Infinity)) {
        most = Number.isNaN(off) ? Infinity : off;
        place = [i, j];
      }
    });
  });
  return place;
}

function elementName(letter: string, points: readonly Point[], position: number): string {
  let rest = position;
  for (const [k, { shape, values }] of points.entries()) {
    if (rest < values.length) return `${letter}${k}${showShape(indexOf(rest, shape))}`;
    rest -= values.length;
  }
  return letter;
}

function print(matrix: Matrix): string {
  const more = (length: number): string => (length > SHOWN ? ' ...' : '');
  const rows = matrix.slice(0, SHOWN).map((row) => {
    const cells = row.slice(0, SHOWN).map((x) => x.toPrecision(6).padStart(13));
    return `  ${cells.join('')}${more(row.length)}`;
  });
  return rows.join('\n') + (matrix.length > SHOWN ? '\n  ...' : '');
}
