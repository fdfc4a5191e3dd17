// What every fix came to on every race, as it was measured when the book was written: `npm run compare` measures it again.

import {unpack, type Comparison, type Packed} from "../src/compare/comparison.ts";
import url from "../src/compare/comparison.json?url";

/** It is large, and data: so it is no part of the page's code. */
export async function loadComparison(): Promise<Comparison> {
  const response = await fetch(new URL(url, import.meta.url));
  return unpack((await response.json()) as Packed);
}
