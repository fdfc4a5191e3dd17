// What the timeline says of store buffers, of real runs under each memory model.

import {describe, expect, it} from "vitest";
import {buffersAt, drainableAt, isBuffered, isDrain} from "../../src/explore/buffered_steps.ts";
import {execute, explore, parseSchedule, under, type Trace} from "../../src/explore/index.ts";
import {defaultsOf, raceNamed} from "../../src/races/index.ts";
import {branchOff, choices, drainChoices} from "../../site/timeline-choices.ts";
import {held} from "../../site/timeline-held.ts";
import {neighbours, writesWord} from "../../site/timeline-steps.ts";
import {plain, stepInWords, whenSeen} from "../../site/timeline-words.ts";
import {program} from "../support.ts";

function run(schedule: string): Trace {
  const {race: name, threads, memoryModel = "sc", parameters} = parseSchedule(schedule)!;
  const fresh = under(memoryModel, program(name, parameters)());
  return execute(fresh, threads, defaultsOf(raceNamed(name)!));
}

const waitingAt = (trace: Trace, at: number): string[][] =>
  buffersAt(trace, at).map((own) => own.map(({text}) => text));

describe("store buffers", () => {
  it("hold what was stored until it reaches memory, and each CPU has its own", () => {
    const trace = run("litmus_SB~memory-tso~00000000~ababAB");
    expect(trace.steps.map(isBuffered)).toEqual([true, true, false, false, false, false]);
    expect(trace.steps.map(isDrain)).toEqual([false, false, false, false, true, true]);
    expect(waitingAt(trace, 0)).toEqual([["litmus.x = 1"], []]);
    expect(waitingAt(trace, 3)).toEqual([["litmus.x = 1"], ["litmus.y = 1"]]);
    expect(waitingAt(trace, 4)).toEqual([[], ["litmus.y = 1"]]);
    expect(waitingAt(trace, 5)).toEqual([[], []]);
    expect(waitingAt(trace, -1)).toEqual([[], []]);
  });

  it("let a later store pass an earlier one under pso, and say where each was made", () => {
    const trace = run("litmus_MP~memory-pso~00000000~aa_Abb");
    expect(waitingAt(trace, 1)).toEqual([["litmus.x = 1", "litmus.y = 1"], []]);
    expect(waitingAt(trace, 2)).toEqual([["litmus.x = 1"], []]);
    expect(buffersAt(trace, 2)[0][0].step).toBe(0);
  });

  it("are not taken for memory: what waits was not written yet", () => {
    const trace = run("litmus_SB~memory-tso~00000000~ababAB");
    const x = trace.steps[0].word;
    expect(trace.steps.map((step) => writesWord(step, x))).toEqual([
      ...[false, false, false, false, true, false],
    ]);
    // CPU 1 reads x before CPU 0's store reaches memory.
    expect(neighbours(trace, 3)).toEqual({before: -1, after: 4});
  });

  it("are not there where processors take turns", () => {
    const trace = run("litmus_SB~00000000~abab");
    expect(trace.steps.some(isBuffered)).toBe(false);
    expect(waitingAt(trace, 3)).toEqual([[], []]);
  });

  it("are empty when a run that was found has come to its end", () => {
    const trace = run("litmus_2+2W~memory-pso~00000000~aabb_A_BAB");
    expect(waitingAt(trace, trace.steps.length - 1)).toEqual([[], []]);
  });

  it("have an smp_wmb() between the stores that it parts, and say which store is a release", () => {
    const parted = run("litmus_MP~barrier-smp_wmb~memory-pso~00000000~aaAbAb");
    const kinds = (trace: Trace, at: number) => buffersAt(trace, at)[0].map(({is}) => is);
    const second = parted.steps.findLastIndex(isBuffered);
    expect(kinds(parted, second)).toEqual(["store", "barrier", "store"]);
    expect(drainableAt(parted, second).map(({step}) => step)).toEqual([0]);
    // The first has left, and the barrier keeps nothing back any more.
    expect(kinds(parted, second + 1)).toEqual(["store"]);

    const released = run("litmus_MP~barrier-release~memory-pso~00000000~aa");
    expect(kinds(released, 1)).toEqual(["release", "release"]);
    expect(drainableAt(released, 1).map(({step}) => step)).toEqual([0]);
  });
});

describe("what could reach memory next", () => {
  const schedules = ["smaps_vs_split", "gup_fast_vs_free", "litmus_2+2W"].flatMap((race) => {
    const parameters = race.startsWith("litmus") ? {} : {pages: 2};
    const fresh = program(race, parameters);
    const {findings, witnesses = []} = explore(fresh, defaultsOf(raceNamed(race)!), {
      memoryModel: "pso",
      maxStates: 200_000,
      measures: [],
    });
    return [...findings.map(({schedule}) => schedule), ...witnesses];
  });

  it("is what does, whenever a store reaches memory, and is called as the schedule calls it", () => {
    let drained = 0;
    for (const schedule of schedules) {
      const trace = run(schedule);
      const movers = parseSchedule(schedule)!.threads;
      const shared = [...trace.steps.keys()].filter((i) => trace.steps[i].shared);
      shared.forEach((at, i) => {
        const {drains: step} = trace.steps[at];
        if (step === undefined) return;
        expect(drainableAt(trace, at - 1)).toContainEqual({step, mover: movers[i]});
        drained++;
      });
    }
    expect(drained).toBeGreaterThan(30);
  });

  it("is waiting in a buffer, and nothing that waits is forgotten for ever", () => {
    for (const schedule of schedules) {
      const trace = run(schedule);
      for (const at of trace.steps.keys()) {
        const waiting = buffersAt(trace, at).flat();
        const steps = drainableAt(trace, at).map(({step}) => step);
        expect(waiting.map(({step}) => step)).toEqual(expect.arrayContaining(steps));
        expect(steps.length === 0).toBe(waiting.length === 0);
      }
    }
  });
});

describe("stepping by hand", () => {
  const trace = run("litmus_MP~memory-pso~00000000~aabb");

  it("a store that waits is a choice, and the step of the thread is another", () => {
    expect(drainChoices(trace, 1).map(({thread, does}) => ({thread, does}))).toEqual([
      {thread: 0, does: "litmus.x = 1"},
      {thread: 0, does: "litmus.y = 1"},
    ]);
    expect(choices(trace, 1)).toMatchObject([
      {why: "has finished"},
      {does: "READ_ONCE(litmus.y)", why: null, isStep: 2},
    ]);
  });

  it("choosing it is the schedule up to here, and that store", () => {
    const [, later] = drainChoices(trace, 1);
    const branch = run(branchOff(trace, 1, later.mover));
    expect(branch.steps.at(-1)).toMatchObject({drains: 1});
    expect(branch.warning).toBeNull();
    expect(drainChoices(branch, 2).map(({does}) => does)).toEqual(["litmus.x = 1"]);
  });

  it("follows the run where that is what the run did", () => {
    const whole = run("litmus_MP~memory-pso~00000000~aa_Abb");
    expect(drainChoices(whole, 1).map(({isStep}) => isStep)).toEqual([-1, 2]);
    // The buffer's step is none of the thread's.
    expect(choices(whole, 1)[0]).toMatchObject({does: "", why: "has finished", isStep: -1});
  });

  it("what still waits when the threads are through can be let go", () => {
    expect(trace.finished).toBe(false);
    expect(drainChoices(trace, 3).map(({does}) => does)).toEqual([
      "litmus.x = 1",
      "litmus.y = 1",
    ]);
  });

  it("is not offered where processors take turns, nor after a BUG", () => {
    expect(drainChoices(run("litmus_MP~00000000~aabb"), 1)).toEqual([]);
    expect(drainChoices({...trace, ended: true}, 3)).toEqual([]);
  });
});

describe("in words", () => {
  it("a store says when the others see it, and its way to memory when it was made", () => {
    const trace = run("litmus_MP~memory-pso~00000000~aa_Abb");
    expect(whenSeen(trace, 0).map(plain)).toEqual(["Only CPU 0 sees it."]);
    expect(whenSeen(trace, 1).map(plain)).toEqual([
      "Only CPU 0 sees it until step 3, when it reaches memory.",
    ]);
    expect(whenSeen(trace, 2).map(plain)).toEqual(["Stored at step 2."]);
    expect(whenSeen(trace, 3)).toEqual([]);
    expect(stepInWords(trace, 2)).toContain("Stored at step 2.");
  });

  it("a lock is held until its unlock has reached memory", () => {
    const {findings} = explore(
      program("smaps_vs_split", {pages: 2}),
      {},
      {
        memoryModel: "pso",
      },
    );
    const trace = run(findings[0].schedule);
    const locks = held(trace).filter(({what, released}) => what === "lock" && released);
    const late = locks.filter(({to}) => isDrain(trace.steps[to]));
    expect(late).not.toEqual([]);
    for (const {to} of locks) expect(isBuffered(trace.steps[to])).toBe(false);
  });
});
