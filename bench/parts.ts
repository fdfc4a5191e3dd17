// What is measured without a process around it, by name. `--part NAME` measures one of them and prints it as JSON.

import {huntWithFastCheck} from "./fast_check.ts";
import {findFirst, huntWithSampler} from "./in_process.ts";

export type PartName = "first-finding" | "fast-check" | "random" | "pos";

export const parts: Readonly<Record<PartName, (seeds: number) => unknown>> = {
  "first-finding": () => findFirst(WARM),
  "fast-check": huntWithFastCheck,
  random: (seeds) => huntWithSampler("random", seeds),
  pos: (seeds) => huntWithSampler("pos", seeds),
};

/** Calls of explore() after the first. */
const WARM = 20;
