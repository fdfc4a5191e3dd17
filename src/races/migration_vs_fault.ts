// A process uses a page that is on the move: it has to sleep until the page has arrived. To know where to sleep it takes a reference, and
// that reference is one more than the migration expects.

import {noUseOfFreedPages} from "./freed.ts";
import {nthAddress, shownOf} from "./huge_page.ts";
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

export const migration_vs_fault: Race = {
  name: "migration_vs_fault",
  about:
    "One CPU moves a page to another frame, while the process that maps it uses it and waits for it.",
  stake:
    "whoever waits must not be forgotten, must not hold up what is waited for, and must not keep a page that is about to be freed.",
  parameters: [
    {name: "pages", about: "pages of the process", default: 2, values: [2, 4]},
    {
      name: "faults",
      about: "threads of the process that use the page",
      default: 1,
      values: [1, 2],
    },
    PASSES,
  ],
  note: () => null,
  machine: migrationMachine,
  roots: () => ["move_pages", "fault_in"],
  stage(kernel, machine, parameters) {
    const page = mapSmallPages(kernel, machine, 1);
    const {pages, mms} = page;
    const fault = {
      name: "page fault",
      run: () => kernel.fault_in(mms[0].mmap[0], nthAddress(mms[0], 0)),
    };
    const threads = [
      ...Array.from({length: Number(parameters.faults)}, () => fault),
      migrator(page, parameters),
    ];
    return {
      threads,
      invariants: allIsQuiet(page),
      asks: [migrationSucceeds(page)],
      monitors: [
        referenceLedger({pages, threads: threads.map(({name}) => name)}, machine),
        noUseOfFreedPages(kernel, pages, machine),
      ],
      outcome: (ending) => (ending.bug ? describeBug(page, ending) : null),
      shows: [...pages.map(kernel.page_address), ...shownOf(page)],
    };
  },
};
