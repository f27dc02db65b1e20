/** An unsigned integer below 2^32 in LEB128: seven bits a byte, the lowest first. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}

/** A signed integer of 32 bits in LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  // Done when what is left is the sign of what was written.
  while (rest < -0x40 || rest > 0x3f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  bytes.push(rest & 0x7f);
  return bytes;
}

/** The bytes of numbers as they lie in memory: little-endian on every platform that WebAssembly runs on. */
export function bytesOf(numbers: Float32Array | Float64Array | Int32Array): number[] {
  return [...new Uint8Array(numbers.buffer)];
}

/** A name, as its length and its bytes. It must be ASCII. */
export function name(text: string): number[] {
  return vector([...text].map((character) => [character.charCodeAt(0)]));
}

/** Entries after their number. */
export function vector(entries: readonly (readonly number[])[]): number[] {
  return unsigned(entries.length).concat(...entries);
}

/** A section of a module; an empty one is left out. */
export function section(id: number, entries: readonly (readonly number[])[]): number[] {
  return entries.length === 0 ? [] : [id].concat(sized(vector(entries)));
}

/** Bytes after their number. */
export function sized(bytes: readonly number[]): number[] {
  return unsigned(bytes.length).concat(bytes);
}
