// Stands in the frame for ../comparison.ts: the frame can fetch nothing, so it has the table with it.

import {unpack, type Comparison, type Packed} from "../../src/compare/comparison.ts";
import text from "../../src/compare/comparison.json?raw";

export function loadComparison(): Promise<Comparison> {
  return Promise.resolve(unpack(JSON.parse(text) as Packed));
}
