// What each barrier is for, as it was found out when the book was made: `npm run barriers` does it again.

import type {Barriers} from "../src/barriers/table.ts";
import {later} from "./painted.ts";
import url from "../src/barriers/barriers.json?url";

/** It is large, and data: so it is no part of the page's code. */
export async function loadBarriers(): Promise<Barriers> {
  const response = await later(() => fetch(new URL(url, import.meta.url)));
  return (await response.json()) as Barriers;
}
