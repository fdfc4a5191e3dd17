// smaps with nobody else there: what it prints, and what it costs.

import {mapHugePage} from "../../src/races/huge_page.ts";
import type {Race} from "../../src/races/index.ts";
import {run_alone} from "../../src/sim/index.ts";
import {MOST_SHARERS} from "../variants.ts";

/** How the process whose smaps is read maps its memory: as a whole, part by part, or after it was split for good. */
export const MAPPED = ["pmd", "pte", "small"] as const;
export type Mapped = (typeof MAPPED)[number];

const PAGES = 2;
const PAGE_SIZE = 4096;
const PSS_SHIFT = 12;

export const smaps_alone: Race = {
  name: "smaps_alone",
  about: "One CPU reads /proc/PID/smaps, and nobody else is there.",
  stake: "what smaps prints is what it has always printed.",
  parameters: [
    {name: "mapped", about: "how the process maps its pages", default: "pte", values: MAPPED},
    {
      name: "sharers",
      about: "processes that map the pages",
      default: 2,
      values: Array.from({length: MOST_SHARERS}, (_, i) => i + 1),
    },
  ],
  note: () => null,
  machine: () => ({pages: PAGES, pgflags: true}),
  roots: () => ["show_smap"],
  stage(kernel, machine, {mapped, sharers}) {
    const [mm] = mapHugePage(kernel, machine, Number(sharers)).mms;
    if (mapped === "pte")
      run_alone(kernel.split_huge_pmd(mm.mmap[0], mm.mmap[0].vm_start), machine);
    if (mapped === "small") run_alone(kernel.split_huge_pages_pid(mm), machine);
    return {
      threads: [{name: "cat smaps", run: () => kernel.show_smap(mm)}],
      invariants: [],
      monitors: [],
      outcome: ({bug, results}) => (bug ? bug.message : printed(results[0])),
      shows: [],
    };
  },
};

/** All lines that smaps prints, in bytes. */
function printed(result: unknown): string {
  const mss = result as Record<string, number>;
  return Object.entries(mss)
    .map(
      ([name, bytes]) =>
        `${name} ${name === "pss" ? Math.floor(bytes / 2 ** PSS_SHIFT) : bytes}`,
    )
    .join(", ");
}

/** Of a line that smaps prints, `Rss 8 kB` or `resident 8192`: numbers by name. */
export function numbersIn(line: string): Readonly<Record<string, number>> {
  const found = line.matchAll(/(\w+) (-?[\d.]+|NaN)/g);
  return Object.fromEntries([...found].map(([, name, number]) => [name, Number(number)]));
}

/** What is wrong with what smaps prints of memory that `sharers` processes map, and nobody splits, or null. */
export function wrongAlone(mapped: Mapped, sharers: number, outcome: string): string | null {
  const said = numbersIn(outcome);
  for (const [name, expected] of Object.entries(expectedAlone(mapped, sharers))) {
    if (said[name] !== expected)
      return `${name} of ${PAGES} pages that ${sharers} processes map (${mapped}) is ${said[name]} bytes, and should be ${expected}`;
  }
  return null;
}

function expectedAlone(mapped: Mapped, sharers: number): Record<string, number> {
  const all = PAGES * PAGE_SIZE;
  const whole = PAGE_SIZE * 2 ** PSS_SHIFT;
  const pss = PAGES * Math.floor(whole / sharers);
  return {
    resident: all,
    pss: Math.floor(pss / 2 ** PSS_SHIFT),
    anonymous: all,
    lazyfree: 0,
    referenced: mapped === "small" ? 0 : all,
    anonymous_thp: mapped === "pmd" ? all : 0,
    shared_clean: 0,
    shared_dirty: sharers > 1 ? all : 0,
    private_clean: 0,
    private_dirty: sharers > 1 ? 0 : all,
  };
}
