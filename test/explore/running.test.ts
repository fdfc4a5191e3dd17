// Running a schedule by hand: who could go on, who waits and for whom, and how the rest of a run goes.

import {describe, expect, it} from "vitest";
import {execute, parseSchedule} from "../../src/explore/index.ts";
import {follow, program} from "../support.ts";
import {programOf} from "./tiny.ts";

const locked = programOf(2, ({kernel, word: [lock, data]}) =>
  [0, 1].map(
    () =>
      function* () {
        yield* kernel.spin_lock(lock);
        yield* kernel.WRITE_ONCE(data, 1);
        yield* kernel.spin_unlock(lock);
      },
  ),
);

describe("who can go on", () => {
  it("a thread waits from the step that takes its lock to the step that releases it, and is told who holds it", () => {
    const {waits, words} = execute(locked(), [0, 0, 0], {});
    expect(waits).toEqual([
      {thread: 1, from: 0, to: 2, what: [words[0].name], loops: false, holders: [0]},
    ]);
  });

  it("a wait that nobody has ended lasts to the end of the trace", () => {
    expect(execute(locked(), [1, 1], {}).waits).toMatchObject([{thread: 0, from: 0, to: 2}]);
  });

  it("a loop waits for the words that it has seen", () => {
    const loop = programOf(1, ({kernel, word: [flag]}) => [
      () => kernel.WRITE_ONCE(flag, 1),
      () => kernel.spin_until_cond(() => kernel.READ_ONCE(flag)),
    ]);
    const {waits, words} = execute(loop(), [1, 0, 1], {});
    expect(waits).toEqual([
      {thread: 1, from: 0, to: 1, what: [words[0].name], loops: true, holders: []},
    ]);
  });

  it("what comes next is known of each thread, until it has finished", () => {
    const {next, words} = execute(locked(), [0, 0, 0], {});
    expect(next).toMatchObject([null, {text: `spin_lock(${words[0].name})`}]);
  });

  it("a BUG ends the run for all, wherever the others stand", () => {
    const broken = programOf(1, ({kernel, word: [word]}) => [
      function* () {
        yield* kernel.READ_ONCE(word);
        yield* kernel.BUG_ON(true, "broken");
      },
      () => kernel.READ_ONCE(word),
    ]);
    const {ended, finished, next} = execute(broken(), [0], {});
    expect({ended, finished}).toEqual({ended: true, finished: false});
    expect(next).toMatchObject([null, {text: expect.stringMatching(/^READ_ONCE/)}]);
  });
});

describe("running on", () => {
  it("each thread goes to its end, in the order that is given", () => {
    const run = (runOn: number[]) => execute(program("lost_update")(), [0], {}, {runOn});
    expect(parseSchedule(run([0, 1]).schedule)!.threads).toEqual([0, 0, 1, 1]);
    expect(parseSchedule(run([1, 0]).schedule)!.threads).toEqual([0, 1, 1, 0]);
    expect(run([1, 0])).toMatchObject({finished: true, outcome: "counter 1", warning: null});
  });

  it("a thread that has to wait lets the next one go, and takes its turn again", () => {
    const {schedule, finished} = execute(locked(), [1], {}, {runOn: [0, 1]});
    expect(finished).toBe(true);
    expect(parseSchedule(schedule)!.threads).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it("is stopped where it would go on for ever", () => {
    const circle = programOf(1, ({kernel, word: [word]}) => [
      function* () {
        for (;;) yield* kernel.WRITE_ONCE(word, 1);
      },
    ]);
    expect(execute(circle(), [], {}, {runOn: [0]}).warning).toMatch(/stopped after 5000 steps/);
  });

  it("judges what it comes to as ever", () => {
    const {findings} = execute(program("lost_update")(), [0, 1], {}, {runOn: [0, 1]});
    expect(findings.map(({thread}) => thread)).toEqual([-1]);
  });
});

describe("leaving out what cannot be done", () => {
  it("makes the steps that can be made, and says how many could not", () => {
    const {schedule, warning} = execute(locked(), [0, 1, 1, 0, 0, 1], {}, {leaveOut: true});
    expect(parseSchedule(schedule)!.threads).toEqual([0, 0, 0, 1]);
    expect(warning).toBe("2 of its steps could not be made and were left out");
  });
});

describe("what a step says", () => {
  it("what was learnt is text: a value, a bit, or nothing", () => {
    const {steps} = execute(program("smaps_vs_split")(), [1, 1, 1, 1, 1, 1, 1], {});
    const learnt = steps.map((step) => step.learnt);
    expect(learnt.slice(0, 2)).toEqual([null, "huge page[0] rw"]);
    expect(learnt.at(-1)).toBe("1");
  });

  it("a word says what it names: a tail its head, an entry of a page table its page", () => {
    const fresh = program("smaps_vs_split");
    const {words, steps} = execute(fresh(), follow(fresh, [[1, 200]]), {});
    const first = new Map(words.map(({name, names}) => [name, names]));
    expect(first.get("page[3].compound_head")).toEqual({to: "page[0]", how: "tail"});
    expect(first.get("mm0.pmd")).toEqual({to: "page[0]", how: "huge"});
    expect(first.get("page[0]._refcount")).toBeUndefined();
    const pte = words.findIndex(({name}) => name === "mm0.pte[2]");
    const changes = steps.flatMap((step) => step.changes.filter(({word}) => word === pte));
    expect(changes.map(({names}) => names)).toContainEqual({to: "page[2]", how: "migration"});
  });
});
