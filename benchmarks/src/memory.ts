import { readFileSync } from 'node:fs';
import type { Emit, Trial } from './contestant.ts';

/** The most memory that this process has had resident, in MB. */
export function peakMemory(): number {
  try {
    // Where there is /proc, it counts this program alone: the peak of getrusage includes that of the process it came from.
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (peak !== undefined) return Number(peak) / 1024;
  } catch {}
  return process.resourceUsage().maxRSS / 1024;
}

/** Runs a trial so many times and returns the peak of memory, with the results of the first run. */
export async function memoryOfTrial(trial: Trial, runs: number): Promise<{ peak: number; first: Float64Array[] }> {
  const first: Float64Array[] = [];
  const keep: Emit = (values) => first.push(Float64Array.from(values));
  const drop: Emit = () => {};
  for (let i = 0; i < runs; i++) await trial.run(i === 0 ? keep : drop);
  return { peak: peakMemory(), first };
}
