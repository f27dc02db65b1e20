import { excludedTitles, type Rule } from './exclusions.ts';
import { missing, missingMethods, pendingTitles } from './pending.ts';

/** How a test of tfjs's ended. */
export interface Outcome {
  /** Its path inside tfjs-core's `dist`. */
  readonly file: string;
  readonly title: string;
  readonly error: Error | undefined;
  /** The names that it looked for in `tf` and that do not exist. */
  readonly absent: readonly string[];
}

/** What a test counts as. The rule is that of the lists which says so. */
export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'pending' | 'excluded'; readonly reason: string; readonly rule?: string };

const families = new Map<string, string>(missingMethods.map((name) => [name, 'methods of Tensor']));
for (const [family, names] of Object.entries(missing)) {
  // `image.flipLeftRight` is also a method `flipLeftRight`.
  for (const name of names)
    for (const form of [name, name.replace(/^.*\./, '')]) if (!families.has(form)) families.set(form, family);
}

/** The name of the method or class that an error says is missing. */
function missingName({ message }: Error): string | undefined {
  return /(\w+) is not a (function|constructor)/.exec(message)?.[1];
}

const lists = { excluded: excludedTitles, pending: pendingTitles };

/** All rules by name, to find those that no test needs. */
export const ruleNames: readonly string[] = Object.values(lists).flat().map(nameOf);

function nameOf({ file, title, reason }: Rule): string {
  return `${[file, title].filter(Boolean).join(' ')} (${reason})`;
}

function ruleFor(rules: readonly Rule[], { file, title }: Outcome): Rule | undefined {
  return rules.find((rule) => (rule.file ?? file) === file && (rule.title === undefined || rule.title.test(title)));
}

/** What an outcome means, given the lists: a test that a list names must fail. */
export function judge(outcome: Outcome): Verdict {
  const { error, absent } = outcome;
  for (const kind of ['excluded', 'pending'] as const) {
    const found = ruleFor(lists[kind], outcome);
    if (found === undefined) continue;
    const rule = nameOf(found);
    if (error !== undefined) return { kind, reason: found.reason, rule };
    return { kind: 'failed', error: new Error(`passes, but is ${kind}: take it off the list, from ${rule}`) };
  }
  if (error === undefined) return { kind: 'passed' };
  const name = missingName(error);
  const lacking = [...absent, ...(name ? [name] : [])].find((one) => families.has(one));
  if (lacking === undefined) return { kind: 'failed', error };
  return { kind: 'pending', reason: `${families.get(lacking)}: ${lacking}` };
}
