import {describe, expect, it} from "vitest";
import {exploreRace} from "../support.ts";

/** What the loads saw, of all schedules; r0 is the first load of the first thread that loads. */
function registers(name: string): string[] {
  const {outcomes} = exploreRace(name, {});
  const seen = outcomes.map((outcome) => outcome.match(/r\d+=\d/g)?.join(" ") ?? "");
  return [...new Set(seen)].sort();
}

describe("under sequential consistency", () => {
  it("SB never misses both stores, and everything else happens", () => {
    expect(registers("litmus_SB")).toEqual(["r0=0 r1=1", "r0=1 r1=0", "r0=1 r1=1"]);
  });

  it("MP never sees the flag without the message", () => {
    expect(registers("litmus_MP")).toEqual(["r0=0 r1=0", "r0=0 r1=1", "r0=1 r1=1"]);
  });

  it("LB never sees two stores that come later", () => {
    expect(registers("litmus_LB")).toEqual(["r0=0 r1=0", "r0=0 r1=1", "r0=1 r1=0"]);
  });

  it("IRIW never sees two stores in two orders, and all the other 15 outcomes happen", () => {
    const seen = registers("litmus_IRIW");
    expect(seen).toHaveLength(15);
    expect(seen).not.toContain("r0=1 r1=0 r2=1 r3=0");
  });

  it("2+2W never keeps both first stores", () => {
    const {outcomes} = exploreRace("litmus_2+2W", {});
    expect(outcomes).toEqual(["x=1 y=2", "x=2 y=1", "x=2 y=2"]);
  });

  it("R: the store that loses does not hide the one before it", () => {
    const {outcomes} = exploreRace("litmus_R", {});
    expect(outcomes).not.toContain("r0=0 x=1 y=2");
    expect(outcomes).toHaveLength(3);
  });

  it("S: a store that was seen is not overtaken", () => {
    const {outcomes} = exploreRace("litmus_S", {});
    expect(outcomes).not.toContain("r0=1 x=2 y=1");
    expect(outcomes).toHaveLength(3);
  });

  it("CoRR never goes back", () => {
    expect(registers("litmus_CoRR")).toEqual(["r0=0 r1=0", "r0=0 r1=1", "r0=1 r1=1"]);
  });

  it("CoWW keeps the second store", () => {
    expect(exploreRace("litmus_CoWW", {}).outcomes).toEqual(["x=2"]);
  });

  it("WRC and RWC pass on what was seen", () => {
    expect(registers("litmus_WRC")).not.toContain("r0=1 r1=1 r2=0");
    expect(registers("litmus_RWC")).not.toContain("r0=1 r1=0 r2=0");
    expect(registers("litmus_WRC")).toHaveLength(7);
    expect(registers("litmus_RWC")).toHaveLength(7);
  });
});
