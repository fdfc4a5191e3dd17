// /proc/kpagecount goes from page to page and asks each how often it is mapped. It knows of no process, so there is no page table
// whose lock could help, and it takes no other.

import {readerVsSplit} from "./readers.ts";

export const kpagecount_vs_split = readerVsSplit(
  {
    name: "kpagecount_vs_split",
    about: "One CPU reads /proc/kpagecount, page by page, while another splits a huge page.",
    stake:
      "nothing holds the page still, not even for a moment: the same crash, and the fix of smaps does not help here.",
  },
  {
    name: "kpagecount",
    root: "kpagecount_read",
    counts: "kpagecount_of",
    run: (kernel, {pages}) =>
      kernel.kpagecount_read(kernel.page_to_pfn(pages[0]), pages.length),
    print: (result) => `counts ${(result as number[]).join(" ")}`,
  },
);
