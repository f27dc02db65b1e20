import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** The bytes of memory that this process occupies once its garbage is collected. */
export function residentMemory(): number {
  collect();
  return process.memoryUsage().rss;
}
