// What every fix came to on every race, as it was measured when the book was written: `npm run compare` measures it again.

import {unpack, type Comparison, type Packed} from "../src/compare/comparison.ts";
import url from "../src/compare/comparison.json?url";
import {fetchData} from "./data.ts";

export async function loadComparison(): Promise<Comparison> {
  return unpack(await fetchData<Packed>(url));
}
