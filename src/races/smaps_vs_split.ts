// The race of the book: somebody reads /proc/PID/smaps while the huge page that it counts is split. And its variant, smaps_rollup, in
// which the race was first seen.

import type {MemSizeStats} from "../mm/index.ts";
import {readerVsSplit} from "./readers.ts";

export const smaps_vs_split = readerVsSplit(
  {
    name: "smaps_vs_split",
    about:
      "One CPU reads /proc/PID/smaps while another splits the huge page that the process has mapped.",
    stake:
      "smaps asks how often a page is mapped without holding it: the kernel crashes, or prints a number read from garbage.",
  },
  {
    name: "cat smaps",
    root: "show_smap",
    run: (kernel, {mms}) => kernel.show_smap(mms[0]),
    print: printStats,
  },
);

export const smaps_rollup_vs_split = readerVsSplit(
  {
    name: "smaps_rollup_vs_split",
    about:
      "One CPU reads /proc/PID/smaps_rollup, one sum for the whole process, while another splits its huge page.",
    stake:
      "it counts as smaps does, and crashes as smaps does: here the bug was first reported.",
  },
  {
    name: "cat smaps_rollup",
    root: "show_smaps_rollup",
    run: (kernel, {mms}) => kernel.show_smaps_rollup(mms[0]),
    print: printStats,
  },
);

/** What a reader printed, in kB: the lines of smaps that this race can change. */
export function printStats(result: unknown): string {
  const mss = result as MemSizeStats;
  const kB = (bytes: number) => `${bytes / 1024} kB`;
  const pss = Math.floor(mss.pss / 4096 / 1024);
  return `Rss ${kB(mss.resident)}, Pss ${pss} kB, Private ${kB(mss.private_clean + mss.private_dirty)}, Shared ${kB(mss.shared_clean + mss.shared_dirty)}, AnonHugePages ${kB(mss.anonymous_thp)}`;
}
