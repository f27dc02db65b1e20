import { readFileSync } from 'node:fs';
import { parseHTML } from 'linkedom';

/** An element with attributes and children, text among them. */
export type Make = (
  tag: string,
  attributes?: Readonly<Record<string, string>>,
  ...children: (Element | string)[]
) => Element;

/** An empty page with a title and the style sheet inside, and a way to make elements for it. */
export function makePage(title: string): { document: Document; make: Make } {
  const { document } = parseHTML(
    '<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body></body></html>',
  );
  const make: Make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  document.head.append(
    make('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    make('title', {}, title),
    make('style', {}, readFileSync(new URL('./report.css', import.meta.url), 'utf8')),
  );
  return { document, make };
}
