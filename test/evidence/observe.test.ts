// What readers of real kernels saw of a live split (evidence/observe) is what the model prints: every pattern that was recorded is on some
// schedule, and the fixed kernel prints no other.

import {describe, expect, it} from "vitest";
import {
  histogramOf,
  observed,
  OBSERVED,
  patternAlong,
  patternsOf,
  recordings,
} from "../../src/compare/index.ts";
import {fixNamed} from "../../src/fixes/index.ts";
import {exploreRace, fixed, livepatched, v5_13} from "../support.ts";

describe.each(OBSERVED)("Linux $kernel", ({kernel, fix}) => {
  const linked = fix === null ? v5_13 : livepatched(fixNamed(fix)!);
  const seen = observed(kernel, linked);

  it("was seen to print several patterns, and the model prints each", () => {
    expect(seen.length).toBeGreaterThan(4);
    expect(seen.filter(({witness}) => witness === null)).toEqual([]);
  });

  it("each witness prints the pattern, and no smaller huge page does", () => {
    for (const {reader, pattern, witness} of seen) {
      expect(patternAlong(reader, linked, witness!.schedule)).toBe(pattern);
      if (witness!.pages > 2) {
        const smaller = patternsOf(reader, linked, witness!.pages / 2);
        expect([...smaller.keys()]).not.toContain(pattern);
      }
    }
  });
});

describe("the exclusive bit of a migration entry", () => {
  const isBetween = (pattern: string) => /S\d+!/.test(pattern);
  const recorded = (kernel: string) => [
    ...histogramOf("pagemap", recordings[`${kernel}-pagemap.txt`]).keys(),
  ];

  it("was seen on the vulnerable kernel, and the model has it", () => {
    expect(recorded("5.14.2-vuln").some(isBetween)).toBe(true);
    expect([...patternsOf("pagemap", v5_13, 4).keys()].some(isBetween)).toBe(true);
  });

  it("was never seen with the fix, and on no schedule does the model have it", () => {
    expect(recorded("5.14.2-fixed").some(isBetween)).toBe(false);
    expect([...patternsOf("pagemap", fixed, 4).keys()].sort()).toEqual(["P!", "P! S29", "S29"]);
  });
});

describe("the controls", () => {
  it.each(["smaps_vs_split", "pagemap_vs_split"])(
    "%s: no BUG if only the PMD is split, none with the fix",
    (race) => {
      const bugs = (linked: typeof v5_13, set: Record<string, string>) =>
        exploreRace(race, set, linked).outcomes.filter((outcome) => outcome.startsWith("BUG"));
      expect(bugs(v5_13, {}).length).toBeGreaterThan(0);
      expect(bugs(v5_13, {splitter: "pmd"})).toEqual([]);
      expect(bugs(fixed, {})).toEqual([]);
    },
  );
});
