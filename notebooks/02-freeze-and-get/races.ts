// A scanner and a splitter, and what became of the huge page besides.

import {raceNamed, type Race} from "../../src/races/index.ts";

const plain = raceNamed("freeze_vs_get")!;

export const told_split: Race = {
  ...plain,
  name: "freeze_vs_get+told_split",
  stage(kernel, machine, parameters) {
    const scene = plain.stage(kernel, machine, parameters);
    const {flags} = kernel.pfn_to_page(kernel.FIRST_PFN);
    return {
      ...scene,
      outcome(ending) {
        const isHead = (ending.memory.read(flags) >>> kernel.PG_head) & 1;
        return scene.outcome(ending) ?? (isHead ? "not split" : "split");
      },
    };
  },
};
