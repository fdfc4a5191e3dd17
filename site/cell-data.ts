// The tables that cells can use, as types: see cell-types.ts.

import type {Barriers} from "../src/barriers/table.ts";
import type {Comparison} from "../src/compare/comparison.ts";
import type {Statement} from "../src/recorded/fidelity.ts";

/** What every fix came to on every race. */
export declare const comparison: Comparison;

/** What each barrier of the kernel is for: what breaks without it. */
export declare const barriers: Barriers;

/** What a run of the recordings says of the model. */
export declare const fidelity: Statement;
