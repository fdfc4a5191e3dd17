// What the recordings say of the model, as it was run when the book was built: `npm run fidelity` runs it again.

import type {Statement} from "../src/recorded/fidelity.ts";
import url from "../src/recorded/fidelity.json?url";
import {fetchData, tableWithin} from "./data.ts";

export async function loadFidelity(): Promise<Statement> {
  const within = tableWithin("fidelity")?.textContent;
  return within ? (JSON.parse(within) as Statement) : fetchData(url);
}
