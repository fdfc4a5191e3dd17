// A search in slices: what else there is to do gets done in between.

import {describe, expect, it} from "vitest";
import type {Progress, Search} from "../../src/explore/index.ts";
import {beginNow, inSlices} from "../../site/slices.ts";

/** A search that says how far it is once in a millisecond, `turns` times. */
function* search(turns: number): Search<string> {
  for (let states = 1; states <= turns; states++) {
    const end = performance.now() + 1;
    while (performance.now() < end);
    yield {
      states,
      transitions: 0,
      executions: 0,
      seconds: 0,
      bytes: 0,
      left: null,
    } satisfies Progress;
  }
  return "through";
}

describe("inSlices", () => {
  it("answers what the search answers, and lets timers run meanwhile", async () => {
    let beats = 0;
    const heart = setInterval(() => beats++, 1);
    expect(await inSlices(search(200), undefined, undefined)).toBe("through");
    clearInterval(heart);
    expect(beats).toBeGreaterThan(5);
  });

  it("says how far it is now and then, not at every slice", async () => {
    const said: number[] = [];
    await inSlices(search(500), ({states}) => void said.push(states!), undefined);
    expect(said.length).toBeGreaterThan(1);
    expect(said.length).toBeLessThan(100);
    expect(said).toEqual([...said].sort((a, b) => a - b));
  });

  it("begins in the task of a press, and no other task is longer for it", async () => {
    let turns = 0;
    const counted = function* (): Search<string> {
      const work = search(50);
      for (;;) {
        const {done, value} = work.next(true);
        if (done) return value as string;
        turns++;
        yield value;
      }
    };
    const restOfTheTask = async (): Promise<void> => {
      for (let i = 0; i < 10; i++) await null;
    };
    const anotherTask = (): Promise<void> => new Promise((done) => setTimeout(done, 20));
    await anotherTask();
    const later = inSlices(counted());
    await restOfTheTask();
    expect(turns).toBe(0);
    await later;

    turns = 0;
    await anotherTask();
    beginNow();
    const both = [inSlices(counted()), inSlices(counted())];
    await restOfTheTask();
    expect(turns).toBeGreaterThan(5);
    expect(turns).toBeLessThan(40);
    await Promise.all(both);
    expect(turns).toBe(100);
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const began = performance.now();
    await expect(inSlices(search(5_000), undefined, stop.signal)).rejects.toMatchObject({
      message: /^stopped/,
    });
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it("that is stopped before it begins does nothing", async () => {
    const never = (function* (): Search<string> {
      throw new Error("it began");
    })();
    await expect(inSlices(never, undefined, AbortSignal.abort())).rejects.toMatchObject({
      message: /^stopped/,
    });
  });
});
