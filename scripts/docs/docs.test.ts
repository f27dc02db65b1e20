import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runSnippet } from './runSnippet.ts';
import { allSnippets } from './snippets.ts';
import { typeCheck } from './typeCheck.ts';

const snippets = allSnippets();
const checked = typeCheck(snippets);

function forgetPackages(): void {
  vi.resetModules();
  // By this core knows that it is loaded twice.
  Reflect.deleteProperty(globalThis, Symbol.for('@wengert/core'));
}

describe.each(['pages', 'examples'])('the code in %s', (kind) => {
  beforeEach(async () => {
    // A page stands on its own: it gets packages that nothing has been done with. Examples share one cpu backend.
    if (kind === 'pages') forgetPackages();
    else await import('@wengert/backend-cpu').then(async () => (await import('@wengert/core')).setBackend('cpu'));
  });

  const own = snippets.filter(({ inScope }) => inScope === (kind === 'examples'));
  it.each(own.map((snippet) => [snippet.name, snippet] as const))('%s', { timeout: 60_000 }, async (_, snippet) => {
    const { problems, runnable } = checked.get(snippet) ?? { problems: ['not checked'], runnable: '' };
    expect(problems).toEqual([]);
    expect(await runSnippet(snippet.path, runnable)).toEqual([]);
  });
});
