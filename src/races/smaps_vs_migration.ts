// Somebody reads /proc/PID/smaps while a page of the process is moved to another frame. The page is small: nothing is torn, and nothing
// crashes. But whatever smaps does so that it may look at a page on the move, it does here too.

import {noUseOfFreedPages} from "./freed.ts";
import {heldPageIsLookedAt} from "./held.ts";
import {MMS, shownOf} from "./huge_page.ts";
import {referenceLedger} from "./ledger.ts";
import {
  mapSmallPages,
  migrationMachine,
  migrationSucceeds,
  migrator,
  PASSES,
} from "./migration.ts";
import {allIsQuiet, describeBug} from "./pages.ts";
import type {Race} from "./race.ts";
import {printStats} from "./smaps_vs_split.ts";

export const smaps_vs_migration: Race = {
  name: "smaps_vs_migration",
  about:
    "One CPU reads /proc/PID/smaps while another moves a page of the process to another frame.",
  stake:
    "a page that is only on the move should be counted, and counting it should not keep it from moving.",
  parameters: [
    {name: "pages", about: "pages of the process", default: 2, values: [2, 4]},
    MMS,
    PASSES,
  ],
  note: () => null,
  machine: migrationMachine,
  roots: () => ["show_smap", "move_pages"],
  stage(kernel, machine, parameters) {
    const page = mapSmallPages(kernel, machine, Number(parameters.mms));
    const {pages, mms} = page;
    const threads = [
      {
        name: "cat smaps",
        run: () => kernel.show_smap(mms[0]),
        prints: (result: unknown) => printStats(result),
      },
      migrator(page, parameters),
    ];
    const ledger = referenceLedger({pages, threads: threads.map(({name}) => name)}, machine);
    return {
      threads,
      invariants: allIsQuiet(page),
      asks: [migrationSucceeds(page)],
      monitors: [
        ledger,
        heldPageIsLookedAt(page, ledger.own, 1),
        noUseOfFreedPages(kernel, pages, machine),
      ],
      outcome: (ending) => (ending.bug ? describeBug(page, ending) : null),
      shows: [...pages.map(kernel.page_address), ...shownOf(page)],
    };
  },
};
