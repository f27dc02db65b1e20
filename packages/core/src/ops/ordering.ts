import type { TypedArray } from '../dtype.ts';

/** So few elements are found by insertion; more by sorting all. */
const FEW = 128;
/** Runs of so many elements are sorted by longer digits, which have more buckets. */
const LONG = 2 ** 12;
const SIGN = 0x80000000;
const MAGNITUDE = 0x7fffffff;

/**
 * For each run of `length` elements of x the first `k` in order, and where in its run each came from. Equals keep their
 * order, and NaN comes last.
 */
export function firstInOrder(
  x: TypedArray,
  values: TypedArray,
  indices: TypedArray,
  descending: boolean,
  length: number,
  k: number,
): void {
  const [elements, found] = [withoutFractions(x), withoutFractions(values)];
  const words = keysOf(x, descending);
  const find = k <= FEW ? insertion(length, k) : radixSort(length);
  for (let start = 0, to = 0; start < x.length; start += length) {
    const order = find(words.map((word) => word.subarray(start, start + length)));
    for (let i = 0; i < k; i++, to++) {
      indices[to] = order[i];
      found[to] = elements[start + order[i]];
    }
  }
}

/** The same memory, where that needs a type less: loops that have seen many are slow. */
function withoutFractions(x: TypedArray): TypedArray {
  return x instanceof Float32Array ? new Int32Array(x.buffer, x.byteOffset, x.length) : x;
}

/** Unsigned words, the most significant one first, that ascend as the elements do in the order that is asked for. */
function keysOf(x: TypedArray, descending: boolean): Uint32Array[] {
  const whole = x instanceof Uint8Array ? Int32Array.from(x) : x;
  const isDouble = x instanceof Float64Array;
  const count = isDouble ? 2 : 1;
  const bits = new Int32Array(whole.buffer, whole.byteOffset, count * x.length);
  // The exponent of what is infinite; integers are never beyond.
  const infinite = isDouble ? 0x7ff00000 : x instanceof Float32Array ? 0x7f800000 : MAGNITUDE;
  const floats = infinite !== MAGNITUDE;
  const [high, low] = [new Uint32Array(x.length), new Uint32Array(isDouble ? x.length : 0)];
  const reversed = descending ? -1 : 0;
  for (let i = 0; i < x.length; i++) {
    const own = bits[count * i + count - 1];
    const rest = isDouble ? bits[2 * i] : 0;
    const magnitude = own & MAGNITUDE;
    const isNaN = magnitude > infinite || (magnitude === infinite && rest !== 0);
    // Of negative floats all bits are turned; zeros are equal.
    const isNegative = own < 0 && floats && (magnitude | rest) !== 0;
    const top = isNegative ? ~own : (floats ? magnitude : own) ^ SIGN;
    high[i] = isNaN ? -1 : top ^ reversed;
    if (isDouble) low[i] = isNaN ? -1 : (isNegative ? ~rest : rest) ^ reversed;
  }
  return isDouble ? [high, low] : [high];
}

/** Finds the order of a run from its keys. */
type Find = (words: readonly Uint32Array[]) => Int32Array;

/** The first k, each put where it belongs among those before. */
function insertion(length: number, k: number): Find {
  const order = new Int32Array(k);
  return (words) => {
    const [high, low] = [words[0], words[words.length - 1]];
    for (let i = 0; i < length; i++) {
      let at = Math.min(i, k);
      while (at > 0) {
        const other = order[at - 1];
        if (high[i] > high[other] || (high[i] === high[other] && low[i] >= low[other])) break;
        if (at < k) order[at] = other;
        at--;
      }
      if (at < k) order[at] = i;
    }
    return order;
  };
}

/** All of them, digit after digit from the least significant one on. */
function radixSort(length: number): Find {
  const bits = length < LONG ? 8 : 11;
  const mask = 2 ** bits - 1;
  const places = new Int32Array(2 ** bits);
  let [from, to] = [new Int32Array(length), new Int32Array(length)];
  const pass = (word: Uint32Array, shift: number): void => {
    places.fill(0);
    for (let i = 0; i < length; i++) places[(word[i] >>> shift) & mask]++;
    if (places[(word[0] >>> shift) & mask] === length) return;
    for (let digit = 0, before = 0; digit <= mask; digit++) {
      const count = places[digit];
      places[digit] = before;
      before += count;
    }
    for (let i = 0; i < length; i++) {
      const element = from[i];
      to[places[(word[element] >>> shift) & mask]++] = element;
    }
    [from, to] = [to, from];
  };
  return (words) => {
    for (let i = 0; i < length; i++) from[i] = i;
    for (let w = words.length - 1; w >= 0; w--) for (let shift = 0; shift < 32; shift += bits) pass(words[w], shift);
    return from;
  };
}
