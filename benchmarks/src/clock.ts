import { openSync, readSync } from 'node:fs';

const buffer = Buffer.alloc(128);
const schedule = openSchedule();

/** Linux counts how long a thread has waited for a processor that others had. */
function openSchedule(): number | undefined {
  try {
    return openSync('/proc/thread-self/schedstat', 'r');
  } catch {
    return undefined;
  }
}

/** For how many nanoseconds this thread was ready to run and did not; 0 where the system does not say. */
export function waited(): bigint {
  if (schedule === undefined) return 0n;
  const length = readSync(schedule, buffer, 0, buffer.length, 0);
  return BigInt(buffer.toString('latin1', 0, length).split(' ')[1] ?? 0);
}

/** As `process.hrtime`, on a clock that stands still while other programs have the processor. */
export function hrtime(since?: readonly [number, number]): [number, number] {
  const now = process.hrtime.bigint() - waited();
  const start = since === undefined ? 0n : BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]);
  const passed = now - start;
  return [Number(passed / 1_000_000_000n), Number(passed % 1_000_000_000n)];
}
