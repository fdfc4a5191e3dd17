// What the recordings say of the model, as it was run when the book was built: `npm run fidelity` runs it again.

import type {Statement} from "../src/recorded/fidelity.ts";
import {later} from "./painted.ts";
import url from "../src/recorded/fidelity.json?url";

/** It is large, and data: so it is no part of the page's code. A page that begins with it has it within. */
export async function loadFidelity(): Promise<Statement> {
  const within = document.getElementById("data-fidelity")?.textContent;
  if (within) return JSON.parse(within) as Statement;
  const response = await later(() => fetch(new URL(url, import.meta.url)));
  return (await response.json()) as Statement;
}
