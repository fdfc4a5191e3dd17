// teacher-only

import type {Property} from "../../../src/grade/index.ts";

export const hidden: readonly Property[] = [];
