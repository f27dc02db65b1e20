import { bytesOf } from './encoding.ts';
import { apply, type Binary, binary, type Const, type Load, loads, type Store, stores } from './instruction.ts';

// Instructions on floats.

const constant: Const = (value) => apply([0x43, ...bytesOf(Float32Array.of(value))], []);
export const load: Load = loads(0x2a);
export const store: Store = stores(0x38);
export const add: Binary = binary(0x92);

export { constant as const };
