// The model for SPIN has the states that other checkers have counted: so it is the same race.

import {describe, expect, it} from "vitest";
import type {Mode} from "../../bench/configurations.ts";
import {runSpin, SHORTEST, whyNoSpin, type Way} from "../../bench/spin.ts";

const missing = whyNoSpin();
const QUICK: Way = {compile: ["-O0", "-DSAFETY"], run: ["-w20"]};

describe.skipIf(missing !== null)(
  `SPIN${missing ? `, which is missing: ${missing}` : ""}`,
  () => {
    it.each<[string, Mode, number]>([
      ["SR", "noassert", 253],
      ["SR", "fix", 169],
      ["SRR", "noassert", 884],
      ["SRR", "fix", 548],
      ["SRG", "noassert", 4481],
      ["SRG", "fix", 3346],
    ])("finds no fault with %s, 2 pages, %s, in %i states", (shape, mode, states) => {
      const {verdict, states: stored} = runSpin({shape, pages: 2, mode}, QUICK);
      expect({verdict, stored}).toEqual({verdict: "holds", stored: states});
    });

    it("meets the BUG of SR, 3 pages, after 30 steps", () => {
      const {verdict, steps} = runSpin({shape: "SR", pages: 3, mode: "buggy"}, SHORTEST);
      expect({verdict, steps}).toEqual({verdict: "violated", steps: 30});
    });
  },
);
