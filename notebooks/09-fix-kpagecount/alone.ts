// kpagecount with nobody else there.

import {mapHugePage, nthAddress} from "../../src/races/huge_page.ts";
import type {Race} from "../../src/races/index.ts";
import {run_alone} from "../../src/sim/index.ts";
import {MOST_SHARERS} from "../variants.ts";

const PAGES = 2;

/** All map the huge page as a whole; or one by PTEs, and of one part it has let go; or it was split for good before that. */
export const MAPPED = ["pmd", "pte", "small"] as const;
export type Mapped = (typeof MAPPED)[number];

export const kpagecount_alone: Race = {
  name: "kpagecount_alone",
  about: "One CPU reads /proc/kpagecount, and nobody else is there.",
  stake: "each page is mapped as often as it says.",
  parameters: [
    {name: "mapped", about: "how the first process maps them", default: "pmd", values: MAPPED},
    {
      name: "sharers",
      about: "processes that map the pages",
      default: 2,
      values: Array.from({length: MOST_SHARERS}, (_, i) => i + 1),
    },
    {
      name: "frame",
      about: "the part that the first process has let go",
      default: 0,
      values: [0, 1],
    },
  ],
  note: () => null,
  machine: () => ({pages: PAGES, pgflags: true}),
  roots: () => ["kpagecount_read"],
  stage(kernel, machine, {mapped, sharers, frame}) {
    const {pages, mms} = mapHugePage(kernel, machine, Number(sharers));
    if (mapped === "small") run_alone(kernel.split_huge_pages_pid(mms[0]), machine);
    if (mapped !== "pmd")
      run_alone(kernel.madvise_dontneed(mms[0], nthAddress(mms[0], Number(frame))), machine);
    // One frame more than the huge page has: it is a slab.
    const run = () => kernel.kpagecount_read(kernel.page_to_pfn(pages[0]), PAGES + 1);
    return {
      threads: [{name: "kpagecount", run}],
      invariants: [],
      monitors: [],
      outcome: ({bug, results}) => (bug ? bug.message : (results[0] as number[]).join(" ")),
      shows: [],
    };
  },
};

/** What is wrong with what kpagecount says where nobody moves anything, or null. */
export function wrongAlone(
  mapped: Mapped,
  {sharers, frame}: {readonly sharers: number; readonly frame: number},
  outcome: string,
): string | null {
  const expected = [0, 1].map((i) => (mapped !== "pmd" && i === frame ? sharers - 1 : sharers));
  const all = [...expected, 0].join(" ");
  return outcome === all
    ? null
    : `of pages that ${sharers} processes map (${mapped}), and a slab behind them, it says ${outcome}, and should say ${all}`;
}
