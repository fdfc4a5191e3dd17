// Locks are released by who holds them, and all of them are.

import {describe, expect, it} from "vitest";
import {execute, explore, parseSchedule, type Program} from "../../src/explore/index.ts";
import type {Op} from "../../src/sim/index.ts";
import {programOf} from "./tiny.ts";

type Shared = Parameters<Parameters<typeof programOf>[1]>[0];

function messages(threads: (shared: Shared) => (() => Op<unknown>)[]): string[] {
  const fresh: () => Program = programOf(2, threads);
  const {findings} = explore(fresh, {});
  const dpor = explore(fresh, {}, {strategy: "dpor"});
  expect(dpor.findings.map(({id}) => id).sort()).toEqual(findings.map(({id}) => id).sort());
  for (const {id, schedule} of findings) {
    const trace = execute(fresh(), parseSchedule(schedule)!.threads, {});
    expect(trace.findings.map((found) => found.id)).toContain(id);
  }
  return findings.map(({message}) => message).sort();
}

describe("a lock", () => {
  it.each([
    ["spin_unlock", "spin_lock"],
    ["up_read", "down_read"],
    ["up_write", "down_write"],
  ] as const)("%s: is not released by who does not hold it", (release, take) => {
    const found = messages(({kernel, word: [lock]}) => [
      () => kernel[take](lock),
      () => kernel[release](lock),
    ]);
    expect(found).toContain(`${release} of shared.word0, which T1 does not hold`);
  });

  it("of a page may be released by anybody, if it is held", () => {
    const found = messages(({kernel, word: [flags]}) => [
      () => kernel.wait_on_bit_lock(0, flags),
      () => kernel.clear_bit_unlock(0, flags),
    ]);
    expect(found).toContain("clear_bit_unlock of shared.word0, which T1 does not hold");
    expect(found).toHaveLength(2);
  });

  it("that is still held at the end is named, with its holder", () => {
    expect(
      messages(({kernel, word: [sem, lock]}) => [
        () => kernel.down_read(sem),
        () => kernel.spin_trylock(lock),
      ]),
    ).toEqual([
      "T0 has finished and still holds shared.word0 (a missing unlock?)",
      "T1 has finished and still holds shared.word1 (a missing unlock?)",
    ]);
  });

  it("that a deadlock waits for is named with all its holders", () => {
    const found = messages(({kernel, word: [sem]}) => [
      () => kernel.down_read(sem),
      () => kernel.down_read(sem),
      () => kernel.down_write(sem),
    ]);
    expect(found).toContain(
      "no thread can run: T2 waits for shared.word0, held by T0 and T1 (a missing unlock, or locks taken in two orders?)",
    );
  });

  it("that is tried and not got is not held", () => {
    const found = messages(({kernel, word: [lock]}) => [
      function* () {
        const got = yield* kernel.spin_trylock(lock);
        if (got) yield* kernel.spin_unlock(lock);
      },
      function* () {
        yield* kernel.spin_lock(lock);
        yield* kernel.spin_unlock(lock);
      },
    ]);
    expect(found).toEqual([]);
  });
});
