// Somebody who goes through memory page by page, without knowing who maps them, takes a reference to whatever he finds: legal only in
// one step that refuses a page with no references, since such a page is free, or frozen, or a tail.

import type {Op} from "../sim/index.ts";
import type {Page} from "../mm/index.ts";
import {splitSucceeds} from "./asks.ts";
import {noUseOfFreedPages} from "./freed.ts";
import {mapHugePage, PAGES, rootOfSplitter, shownOf, splitterOf} from "./huge_page.ts";
import {referenceLedger} from "./ledger.ts";
import {allIsQuiet, describeBug} from "./pages.ts";
import type {Kernel, Parameter, Race} from "./race.ts";

const PAGE: Parameter = {
  name: "page",
  about: "which part of the huge page is taken: the head, or the last tail",
  default: "head",
  values: ["head", "tail"],
};

/** A race of a split with a scanner that takes its references by the kernel's function `get`. */
function scannerVsSplit(
  get: "get_page_unless_zero" | "try_get_page",
  race: Pick<Race, "name" | "about" | "stake">,
): Race {
  return {
    ...race,
    parameters: [{...PAGES, values: [2, 4]}, PAGE],
    note: () => null,
    machine: ({pages}) => ({pages: Number(pages), pgflags: false}),
    roots: () => [get, "put_page", rootOfSplitter({mms: 1})],
    stage(kernel, machine, {page}) {
      const huge = mapHugePage(kernel, machine, 1);
      const {pages} = huge;
      const target = page === "head" ? pages[0] : pages[pages.length - 1];
      const scanner = {
        name: get,
        run: () => takeAndPut(kernel, get, target),
        prints: (got: unknown) => (got ? "got it" : "did not get it"),
      };
      const threads = [scanner, splitterOf(huge, {mms: 1})];
      return {
        threads,
        invariants: allIsQuiet(huge),
        asks: splitSucceeds(huge),
        monitors: [
          referenceLedger({pages, threads: threads.map(({name}) => name)}, machine),
          noUseOfFreedPages(kernel, pages, machine),
        ],
        outcome: (ending) => (ending.bug ? describeBug(huge, ending) : null),
        shows: shownOf(huge),
      };
    },
  };
}

function* takeAndPut(
  kernel: Kernel,
  get: "get_page_unless_zero" | "try_get_page",
  page: Page,
): Op<boolean> {
  const got = yield* kernel[get](page);
  if (got) yield* kernel.put_page(page);
  return got;
}

export const freeze_vs_get = scannerVsSplit("get_page_unless_zero", {
  name: "freeze_vs_get",
  about:
    "One CPU takes a reference to a page by its number, with get_page_unless_zero(), while another freezes and splits the huge page that it belongs to.",
  stake:
    "a frozen count must stay 0, whoever comes: then the splitter alone decides what becomes of the page.",
});

export const freeze_vs_try_get_page = scannerVsSplit("try_get_page", {
  name: "freeze_vs_try_get_page",
  about:
    "The same with try_get_page(), which looks at the count of the head first and increments it in a second step.",
  stake:
    "a freeze may come between the two: then a count that the splitter relies on is raised from 0, and a page is freed that is being split.",
});
