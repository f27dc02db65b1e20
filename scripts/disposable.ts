/** Tests for browsers without explicit resource management: the symbols that transpiled `using` looks up. */
for (const name of ['dispose', 'asyncDispose'] as const) {
  if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) });
}
