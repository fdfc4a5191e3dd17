// /proc/PID/pagemap has the same bug as smaps: it asks the same question of a page that a migration entry names.

import type {PagemapEntry} from "../mm/index.ts";
import {readerVsSplit} from "./readers.ts";

export const pagemap_vs_split = readerVsSplit(
  {
    name: "pagemap_vs_split",
    about:
      "One CPU reads /proc/PID/pagemap while another splits the huge page that the process has mapped.",
    stake:
      "one bit of each entry says whether a page is mapped only here; for that bit the kernel crashes, or the bit is wrong.",
  },
  {
    name: "pagemap",
    root: "pagemap_read",
    run: (kernel, {mms}) => kernel.pagemap_read(mms[0]),
    print: (result) => printEntries(result as PagemapEntry[]),
  },
);

/**
 * Runs of equal entries: `P` is present, `S29` a migration entry of that type, `-` neither, and `!` says exclusive. So `P! S29` are
 * some pages that are mapped only here, and behind them some that are still on the move.
 */
export function printEntries(entries: readonly PagemapEntry[]): string {
  const all = entries.map(({state, frame, exclusive}) => {
    const kind = state === "present" ? "P" : state === "swap" ? `S${frame}` : "-";
    return kind + (exclusive ? "!" : "");
  });
  const runs = all.filter((text, i) => text !== all[i - 1]);
  return runs.length > 0 ? runs.join(" ") : "nothing";
}
