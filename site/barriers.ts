// What each barrier is for, as it was found out when the book was made: `npm run barriers` does it again.

import type {Barriers} from "../src/barriers/table.ts";
import url from "../src/barriers/barriers.json?url";
import {fetchData} from "./data.ts";

export async function loadBarriers(): Promise<Barriers> {
  return fetchData(url);
}
