// What is asked of a split, where fixes are compared. Nothing is wrong if it fails: whoever wanted it may try again. But who makes
// it fail has a price.

import type {EndInvariant} from "../explore/index.ts";
import type {Pmd} from "../mm/index.ts";
import type {Memory} from "../sim/index.ts";
import {isHead, type Pages} from "./pages.ts";

/** When all is over the huge page is split. If it is not: is it mapped as a whole, as if nothing had been tried? */
export function splitSucceeds(all: Pages): EndInvariant[] {
  const [head] = all.pages;
  return [
    {
      name: "the split begins",
      check: (memory) =>
        isMappedAsAWhole(all, memory) ? "nobody has begun to split the huge page" : null,
    },
    {
      name: "the split succeeds once it has begun",
      check: (memory) =>
        isHead(all, head, memory) && !isMappedAsAWhole(all, memory)
          ? "the huge page was unmapped and mapped again, by PTEs, and it is still one"
          : null,
    },
  ];
}

function isMappedAsAWhole({kernel, mms}: Pages, memory: Memory): boolean {
  return mms.every((mm) => kernel.pmd_trans_huge(memory.read(mm.pmds[0]) as Pmd));
}
