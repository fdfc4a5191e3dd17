// smaps while a huge page is split.

import {counting} from "../mapcounts.ts";

export const counted_split = counting("smaps_vs_split", "smaps_pte_entry");
