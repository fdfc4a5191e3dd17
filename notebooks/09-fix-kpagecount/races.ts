// kpagecount while a huge page is split.

import {counting} from "../mapcounts.ts";

export const counted_split = counting("kpagecount_vs_split", "kpagecount_of");
