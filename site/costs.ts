// What reading smaps costs with each fix, as it was counted when the book was written: `npm run compare` counts it again.

import type {CostTable} from "../src/compare/costs.ts";
import text from "../src/compare/costs.json?raw";

export const costs = JSON.parse(text) as CostTable;
