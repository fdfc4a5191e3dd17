// A split needs that nobody but the mappings and itself refers to the huge page. Who is first wins: a pin that comes before the freeze
// makes the split fail, one that comes after it has to look for its page again.

import {splitSucceeds} from "./asks.ts";
import {
  DEBUG_VM,
  GUP_ROOTS,
  gupMachine,
  gupScene,
  IPI,
  mapHugePageAndSpares,
  noteOnIpi,
  USE,
} from "./gup.ts";
import {PAGES, rootOfSplitter, splitterOf} from "./huge_page.ts";
import {isHead} from "./pages.ts";
import type {Race} from "./race.ts";

/** Behind the others, where an access that misses its page would hit. */
const SPARES = 2;

export const split_vs_pin: Race = {
  name: "split_vs_pin",
  about:
    "One CPU pins a part of a huge page that is mapped as a whole, and lets go of it again, while another splits the huge page.",
  stake:
    "a split that finds the pin too late has unmapped everything by then: it must put everything back, and the huge page stays mapped by PTEs.",
  parameters: [
    {...PAGES, values: [2, 4]},
    {...IPI, default: "on"},
    {...USE, default: "pin"},
    DEBUG_VM,
  ],
  note: noteOnIpi,
  machine: (parameters) => gupMachine(parameters, SPARES),
  roots: () => [...GUP_ROOTS, rootOfSplitter({mms: 1})],
  stage(kernel, machine, parameters) {
    const page = mapHugePageAndSpares(kernel, machine);
    const [head] = page.pages;
    const scene = gupScene(page, machine, parameters, {
      index: machine.pages - 1,
      other: splitterOf(page, {mms: 1}),
    });
    return {
      ...scene,
      asks: splitSucceeds(page),
      outcome(ending) {
        if (ending.bug) return scene.outcome(ending);
        return isHead(page, head, ending.memory) ? "not split" : "split";
      },
    };
  },
};
