// GUP-fast wants a page of a huge page that another CPU splits: the race that was found on the way (c24d37322548), and its pattern is
// what the story's first fix would have copied.

import {
  DEBUG_VM,
  GUP_ROOTS,
  gupMachine,
  gupScene,
  IPI,
  mapByPtes,
  mapHugePageAndSpares,
  noteOnIpi,
  USE,
} from "./gup.ts";
import {nthAddress, PAGES} from "./huge_page.ts";
import type {Race} from "./race.ts";

/** Behind the others, where an access that misses its page would hit. */
const SPARES = 2;

export const gup_fast_vs_split: Race = {
  name: "gup_fast_vs_split",
  about:
    "One CPU takes a reference to a part of a huge page, without any lock, while another splits the huge page and then unmaps that part.",
  stake:
    "GUP-fast finds the head first and takes the reference afterwards: if the page has left it in between, the reference is on a stranger, and what is handed out may be freed while it is written to.",
  parameters: [
    {...PAGES, values: [2, 4]},
    IPI,
    USE,
    {
      name: "mapped",
      about: "how the process maps the huge page: part by part, or as a whole",
      default: "pte",
      values: ["pte", "pmd"],
    },
    DEBUG_VM,
  ],
  note: noteOnIpi,
  machine: (parameters) => gupMachine(parameters, SPARES),
  roots: () => [...GUP_ROOTS, "split_huge_pages_pid", "madvise_dontneed"],
  stage(kernel, machine, parameters) {
    const page = mapHugePageAndSpares(kernel, machine);
    const [mm] = page.mms;
    if (parameters.mapped === "pte") mapByPtes(page, machine);
    const index = machine.pages - 1;
    const other = {
      name: "split_huge_pages, MADV_DONTNEED",
      *run() {
        yield* kernel.split_huge_pages_pid(mm);
        yield* kernel.madvise_dontneed(mm, nthAddress(mm, index));
      },
    };
    return gupScene(page, machine, parameters, {index, other});
  },
};
