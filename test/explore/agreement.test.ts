// The explorer against a search that leaves nothing out and remembers nothing: a thousand random programs.

import {describe, expect, it} from "vitest";
import {dpor, drawing, stateful} from "./agreement.ts";
import {casesOf, firstFailure, type Case} from "./cases.ts";

describe("a thousand random programs", () => {
  const cases = casesOf(1000, 2520);

  it("are of many kinds", () => {
    const having = (what: (one: Case) => boolean) => cases.filter(what).length;
    const finding = (words: string) =>
      having(({truth}) => [...truth.findings.keys()].some((id) => id.includes(words)));
    const kinds = {
      "two threads": having(({plan}) => plan.threads.length === 2),
      "three threads": having(({plan}) => plan.threads.length === 3),
      "four threads": having(({plan}) => plan.threads.length === 4),
      "many outcomes": having(({truth}) => truth.outcomes.size > 5),
      "fewer traces than schedules": having(({truth}) => truth.traces < truth.schedules),
      "data races": having(({truth}) => truth.dataRaces.size > 0),
      deadlocks: finding("no thread can run"),
      BUGs: finding("BUG"),
      WARNs: finding("WARN"),
      "unlocks of what is not held": finding("does not hold"),
      "locks that are kept": finding("still holds"),
    };
    for (const [kind, count] of Object.entries(kinds)) expect(count, kind).toBeGreaterThan(40);
  });

  const parts = Array.from({length: 10}, (_, i) => ({
    from: i * 100 + 1,
    to: (i + 1) * 100,
    part: cases.slice(i * 100, (i + 1) * 100),
  }));

  it.each(parts)("$from to $to: stateful says what is true", ({part}) => {
    expect(firstFailure(part, stateful)).toBeNull();
  });

  it.each(parts)(
    "$from to $to: dpor says what is true, and explores each trace once",
    ({part}) => {
      expect(firstFailure(part, dpor)).toBeNull();
    },
  );

  it.each(["random", "pct", "pos"] as const)("%s says nothing that is not true", (sampler) => {
    const some = cases.filter(({seed}) => seed % 3 === 0);
    expect(firstFailure(some, drawing(sampler))).toBeNull();
  });
});
