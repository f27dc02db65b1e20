/** What the environment says of the calls that conformance generates: `GENERATED_RUNS=500 GENERATED_SEED=7 npx vitest ...`. */
export function generatedRuns(): { readonly runs?: number; readonly seed?: number } {
  const { GENERATED_RUNS: runs, GENERATED_SEED: seed } = process.env;
  return { ...(runs && { runs: Number(runs) }), ...(seed && { seed: Number(seed) }) };
}
