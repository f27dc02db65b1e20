import { programs } from './programs.ts';

/** Runs the programs one after the other and writes what each found. */
export function walkThrough(write: (line: string) => void): void {
  programs.forEach(({ title, explanation, run }, i) => {
    write(`${i + 1}. ${title}`);
    for (const [name, value] of Object.entries(run())) write(`     ${name}: ${show(value)}`);
    write(`   ${explanation}`);
    write('');
  });
}

/** Numbers to seven digits, as many as a float32 has. */
function show(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(7)));
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  return value === undefined ? 'none' : String(value);
}
