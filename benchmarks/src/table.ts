/** A Markdown table; every column but the first `textColumns` is aligned to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], textColumns = 1): string {
  const escaped = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = head.map((_, i) => (i < textColumns ? '---' : '--:'));
  return [escaped(head), `|${rule.join('|')}|`, ...rows.map(escaped)].join('\n');
}

/** Collects the reasons behind the cells of a table, each once, and numbers them. */
export class Footnotes {
  readonly #texts: string[] = [];

  /** The mark of `text`, as `<sup>2</sup>`. */
  mark(text: string): string {
    let at = this.#texts.indexOf(text);
    if (at < 0) at = this.#texts.push(text) - 1;
    return `<sup>${at + 1}</sup>`;
  }

  /** All texts with their numbers, one a line. */
  toString(): string {
    return this.#texts.map((text, i) => `${i + 1}. ${text}`).join('\n');
  }
}
