import { excludedTitles, type Rule } from './exclusions.ts';

/** How a test of tfjs's ended. */
export interface Outcome {
  /** Its path inside tfjs-core's `dist`. */
  readonly file: string;
  readonly title: string;
  readonly error: Error | undefined;
}

/** What a test counts as. The rule is that of the list which says so. */
export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'excluded'; readonly reason: string; readonly rule: string };

/** All rules by name, to find those that no test needs. */
export const ruleNames: readonly string[] = excludedTitles.map(nameOf);

function nameOf({ file, title, reason }: Rule): string {
  return `${[file, title].filter(Boolean).join(' ')} (${reason})`;
}

/** What an outcome means, given the list: a test that it names must fail. */
export function judge({ file, title, error }: Outcome): Verdict {
  const found = excludedTitles.find(
    (rule) => (rule.file ?? file) === file && (rule.title === undefined || rule.title.test(title)),
  );
  if (found === undefined) return error === undefined ? { kind: 'passed' } : { kind: 'failed', error };
  const rule = nameOf(found);
  if (error !== undefined) return { kind: 'excluded', reason: found.reason, rule };
  return { kind: 'failed', error: new Error(`passes, but is excluded: take it off the list, from ${rule}`) };
}
