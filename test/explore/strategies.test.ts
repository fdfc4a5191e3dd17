import {describe, expect, it} from "vitest";
import {exploreRace, fixed as mended} from "../support.ts";

/** What a strategy says of a race, without how it came to know. */
function said(strategy: "stateful" | "dpor", race: string, set = {}, fixed = false) {
  const linked = fixed ? mended : undefined;
  const {verdict, complete, findings, outcomes} = exploreRace(race, set, linked, {strategy});
  return {verdict, complete, findings: findings.map(({id}) => id).sort(), outcomes};
}

describe("stateful and dpor say the same", () => {
  it.each([
    ["lost_update", {cpus: 3}],
    ["smaps_vs_split", {pages: 2}],
    ["smaps_vs_split", {pages: 2, pgflags: "off"}],
    ["checker_scenario", {shape: "SRG", pages: 2}],
    ["litmus_IRIW", {}],
  ] as const)("of %s %o", (race, set) => {
    expect(said("dpor", race, set)).toEqual(said("stateful", race, set));
  });

  it("of the kernel that was mended", () => {
    const set = {pages: 2};
    expect(said("dpor", "smaps_vs_split", set, true)).toEqual(
      said("stateful", "smaps_vs_split", set, true),
    );
  });
});
