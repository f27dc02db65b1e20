/** Runs `f`, then `after`, whatever happens; after a promise has settled, where `f` returns one. */
export function lastly<R>(f: () => R, after: () => void): R {
  let pending = false;
  try {
    const result = f();
    if (!(result instanceof Promise)) return result;
    pending = true;
    return result.finally(after) as R;
  } finally {
    if (!pending) after();
  }
}
