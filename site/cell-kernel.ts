// The kernel that a cell asks, as a type: see cell-types.ts.

import type {Kernel} from "./kernel.ts";

/** The kernel of this page, with the reader's edits in it. */
export declare const kernel: Kernel;
