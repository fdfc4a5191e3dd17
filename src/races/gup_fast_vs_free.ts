// GUP-fast wants a page that is unmapped, freed and handed out again meanwhile. That the allocator is fast is no mistake: whoever gets
// a page without a lock gets it first and looks again afterwards whether it is still the one that is mapped there.

import {run_alone} from "../sim/index.ts";
import {
  DEBUG_VM,
  GUP_ROOTS,
  gupMachine,
  gupScene,
  IPI,
  mapByPtes,
  mapHugePageAndSpares,
  noteOnIpi,
  touchAll,
  USE,
} from "./gup.ts";
import {nthAddress, PAGES} from "./huge_page.ts";
import type {Race} from "./race.ts";

export const gup_fast_vs_free: Race = {
  name: "gup_fast_vs_free",
  about:
    "One CPU takes a reference to a page, without any lock, while another unmaps it, frees it, and the process touches its memory again.",
  stake:
    "the page frame comes back as another page, even at the same place; if it was a part of a huge page before and is none now, the reference is on a stranger.",
  parameters: [
    {...PAGES, default: 2, values: [2, 4]},
    IPI,
    USE,
    {
      name: "mapped",
      about: "what is unmapped and freed: small pages, or a huge one, mapped by PTEs",
      default: "huge",
      values: ["small", "huge"],
    },
    DEBUG_VM,
  ],
  note: noteOnIpi,
  machine: (parameters) => gupMachine(parameters),
  roots: () => [...GUP_ROOTS, "split_huge_pages_pid", "madvise_dontneed", "do_anonymous_page"],
  stage(kernel, machine, parameters) {
    const page = mapHugePageAndSpares(kernel, machine);
    const [mm] = page.mms;
    if (parameters.mapped === "huge") mapByPtes(page, machine);
    else run_alone(kernel.split_huge_pages_pid(mm), machine);
    touchAll(page, machine);
    const other = {
      name: "MADV_DONTNEED, page faults",
      *run() {
        for (let i = 0; i < machine.pages; i++)
          yield* kernel.madvise_dontneed(mm, nthAddress(mm, i));
        for (let i = 0; i < machine.pages; i++)
          yield* kernel.do_anonymous_page(mm.mmap[0], nthAddress(mm, i));
      },
    };
    return gupScene(page, machine, parameters, {index: machine.pages - 1, other});
  },
};
