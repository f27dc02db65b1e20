import { dispose, GradientTape, memory, mul, scalar } from '@wengert/core';
import type { Findings } from './findings.ts';

type Found = 'dz/dx' | 'dy/dx' | 'buffers held by the tape' | 'buffers left after its release' | 'gradient() then';

/** y = x * x and z = y * y at 3: two gradients of one tape, which holds what they need until it is released. */
export function persistentTape(): Findings<Found> {
  const before = memory().numDataBuffers;
  const x = scalar(3);
  const tape = new GradientTape({ persistent: true });
  tape.watch(x);
  const y = mul(x, x);
  const z = mul(y, y);
  tape.close();
  const byX = [tape.gradient(z, x), tape.gradient(y, x)];
  const [dz, dy] = byX.map((gradient) => gradient?.item());
  dispose([x, y, z, byX]);
  const held = memory().numDataBuffers - before;
  tape[Symbol.dispose]();
  return {
    'dz/dx': dz,
    'dy/dx': dy,
    'buffers held by the tape': held,
    'buffers left after its release': memory().numDataBuffers - before,
    'gradient() then': outcome(() => tape.gradient(z, x)),
  };
}

function outcome(f: () => unknown): string {
  try {
    f();
    return 'works';
  } catch (error) {
    return `throws a ${error instanceof Error ? error.name : String(error)}`;
  }
}
