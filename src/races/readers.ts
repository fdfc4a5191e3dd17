// Somebody reads a file of /proc that says how often pages are mapped, while the huge page that it counts is split: the same race
// for each of these files.

import type {Thread} from "../explore/index.ts";
import type {Machine, Op} from "../sim/index.ts";
import {splitSucceeds} from "./asks.ts";
import {
  mapHugePage,
  MMS,
  noteOnSplit,
  PAGES,
  PGFLAGS,
  rootOfSplitter,
  shownOf,
  SPLITTER,
  splitterOf,
  type HugePage,
} from "./huge_page.ts";
import {noUseOfFreedPages} from "./freed.ts";
import {heldPageIsLookedAt} from "./held.ts";
import {referenceLedger} from "./ledger.ts";
import {allIsQuiet, describeBug} from "./pages.ts";
import type {Kernel, Parameters, Race, Scene} from "./race.ts";
import {noTornMapcount} from "./torn_mapcount.ts";

/** Who reads what, and what comes out. */
export type Reader = {
  readonly name: string;
  /** The function of the kernel that it calls. */
  readonly root: string;
  /** The one whose answer is how often a page is mapped, where that is not page_mapcount(). */
  readonly counts?: string;
  run(kernel: Kernel, page: HugePage): Op<unknown>;
  print(result: unknown, page: HugePage): string;
};

export function readerVsSplit(
  race: Pick<Race, "name" | "about" | "stake">,
  reader: Reader,
): Race {
  return {
    ...race,
    parameters: [
      PAGES,
      MMS,
      {name: "readers", about: "CPUs that read", default: 1, values: [1, 2]},
      PGFLAGS,
      SPLITTER,
    ],
    note: noteOnSplit,
    machine: ({pages, pgflags}) => ({pages: Number(pages), pgflags: pgflags === "on"}),
    roots: (parameters) => [reader.root, rootOfSplitter(parameters)],
    stage: (kernel, machine, parameters) => stage(kernel, machine, parameters, reader),
  };
}

function stage(
  kernel: Kernel,
  machine: Machine,
  parameters: Parameters,
  {name, run, print, counts = "page_mapcount"}: Reader,
): Scene {
  const page = mapHugePage(kernel, machine, Number(parameters.mms));
  const lookers = Number(parameters.readers);
  const read: Thread = {
    name,
    run: () => run(kernel, page),
    prints: (result) => print(result, page),
  };
  const threads = [...Array.from({length: lookers}, () => read), splitterOf(page, parameters)];
  const ledger = referenceLedger(
    {pages: page.pages, threads: threads.map((thread) => thread.name)},
    machine,
  );
  return {
    threads,
    invariants: allIsQuiet(page),
    asks: parameters.splitter === "pmd" ? [] : splitSucceeds(page),
    monitors: [
      noTornMapcount(page, machine, {threads: threads.length, lookers, judges: counts}),
      ledger,
      heldPageIsLookedAt(page, ledger.own, lookers),
      noUseOfFreedPages(kernel, page.pages, machine),
    ],
    outcome: (ending) => (ending.bug ? describeBug(page, ending) : null),
    shows: shownOf(page),
  };
}
