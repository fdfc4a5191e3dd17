// Bounds that an assignment has as numbers, found again by asking the explorer.

import {describe, expect, it} from "vitest";
import {accessesIn} from "../../notebooks/measures.ts";
import {ACCESSES_OF_V5_13 as OF_SMAPS} from "../../notebooks/07-fix-smaps/checks.ts";
import {MAPPED, smaps_alone, wrongAlone} from "../../notebooks/07-fix-smaps/alone.ts";
import {
  FEWEST_PREEMPTIONS,
  FEWEST_STEPS,
  shared,
  split,
} from "../../notebooks/08-write-a-schedule/checks.ts";
import {PSS} from "../../notebooks/variants.ts";
import {preemptionsOf} from "../../notebooks/08-write-a-schedule/preemptions.ts";
import {kpagecount_alone} from "../../notebooks/09-fix-kpagecount/alone.ts";
import * as kpagecount from "../../notebooks/09-fix-kpagecount/alone.ts";
import {ACCESSES_OF_V5_13 as OF_KPAGECOUNT} from "../../notebooks/09-fix-kpagecount/checks.ts";
import {execute, explore, parseSchedule} from "../../src/explore/index.ts";
import {assemble, defaultsOf, setParameters, type Race} from "../../src/races/index.ts";
import {exploreRace, program, v5_13, type Set} from "../support.ts";

function exploreAlone(race: Race, set: Set, reader: string) {
  const fresh = () => assemble(race, v5_13, setParameters(race, set));
  return explore(fresh, defaultsOf(race), {brief: true, measures: [accessesIn(reader)]});
}

describe("07-fix-smaps", () => {
  it("v5.13 prints what is asked for, and costs what may be spent", () => {
    for (const mapped of MAPPED) {
      for (const sharers of [1, 2, 3, 8]) {
        const {outcomes} = exploreAlone(smaps_alone, {mapped, sharers}, "show_smap");
        expect(outcomes.map((outcome) => wrongAlone(mapped, sharers, outcome))).toEqual([null]);
      }
    }
    const {most} = exploreAlone(smaps_alone, {mapped: "pte"}, "show_smap");
    expect(most?.map((one) => one.most)).toEqual([OF_SMAPS]);
  });
});

describe("08-write-a-schedule", () => {
  it("every Pss that can be drawn is printed on some schedule, and is no quiet page's", () => {
    const {outcomes} = exploreRace(shared.race, shared.set, v5_13, {brief: true});
    const printed = outcomes
      .flatMap((line) => /Pss (\d+) kB/.exec(line)?.[1] ?? [])
      .map(Number);
    const all = [...new Set(printed)].sort((a, b) => a - b);
    expect(all.filter((pss) => pss !== 8 && pss !== 16)).toEqual(PSS);
  });

  it("fewer preemptions and fewer steps do not lead to the crashes", () => {
    const {findings} = exploreRace(split.race, split.set);
    const crashes = findings.filter(({invariant}) => invariant === "no BUG");
    expect(crashes.map(({fewestPreemptions: {preemptions}}) => preemptions)).toEqual(
      [0, 1, 2, 3].map(() => FEWEST_PREEMPTIONS),
    );
    const head = crashes.find(({id}) => id.endsWith("page[0]"))!;
    expect([head.shortest, head.steps]).toEqual([true, FEWEST_STEPS]);
    for (const {schedule, preemptions} of crashes.flatMap((one) => [
      one,
      one.fewestPreemptions,
    ])) {
      const {threads} = parseSchedule(schedule)!;
      const trace = execute(program(split.race, split.set)(), threads, {}, {placesOfLast: 0});
      expect(preemptionsOf(trace)).toBe(preemptions);
    }
  });
});

describe("09-fix-kpagecount", () => {
  it("v5.13 counts as is asked for, and costs what may be spent", () => {
    for (const mapped of kpagecount.MAPPED) {
      for (const own of [2, 3, 8].flatMap((sharers) =>
        [0, 1].map((frame) => ({sharers, frame})),
      )) {
        const {outcomes} = exploreAlone(kpagecount_alone, {mapped, ...own}, "kpagecount_read");
        expect(outcomes.map((line) => kpagecount.wrongAlone(mapped, own, line))).toEqual([
          null,
        ]);
      }
    }
    const {most} = exploreAlone(kpagecount_alone, {}, "kpagecount_read");
    expect(most?.map((one) => one.most)).toEqual([OF_KPAGECOUNT]);
  });
});
