import { platform } from './platform.ts';

const KEY: unique symbol = Symbol.for('@wengert/core');
const own: object = {};
let warned = false;

/**
 * Says loudly that a second copy of this package is loaded: it has registries, tapes and scopes of its own, so that
 * backends and tensors of one copy are unknown to the other.
 */
export function expectOneCore(): void {
  const holder = globalThis as { [KEY]?: object };
  holder[KEY] ??= own;
  if (holder[KEY] === own || warned) return;
  warned = true;
  platform.console.warn(
    'Two copies of @wengert/core are loaded, and know nothing of each other. Install one version only (npm ls @wengert/core), and let bundlers deduplicate it.',
  );
}
