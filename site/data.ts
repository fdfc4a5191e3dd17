// Data that is large: no part of the page's code, fetched when the page has been painted.

import {later} from "./painted.ts";

/** `url` is relative to this file, as its import gives it. */
export async function fetchData<Data>(url: string): Promise<Data> {
  const response = await later(() => fetch(new URL(url, import.meta.url)));
  return (await response.json()) as Data;
}

/** A table that a page begins with stands in the page itself. */
export function tableWithin(name: string): HTMLElement | null {
  return document.getElementById(`data-${name}`);
}
