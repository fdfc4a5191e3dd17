// What the recordings say of the model, as it was run when the book was built: `npm run fidelity` runs it again.

import type {Statement} from "../src/recorded/fidelity.ts";
import url from "../src/recorded/fidelity.json?url";

/** It is large, and data: so it is no part of the page's code. */
export async function loadFidelity(): Promise<Statement> {
  const response = await fetch(new URL(url, import.meta.url));
  return (await response.json()) as Statement;
}
