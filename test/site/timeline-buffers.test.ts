// What the timeline says of store buffers, of real runs under each memory model.

import {describe, expect, it} from "vitest";
import {buffersAt, isBuffered, isDrain} from "../../src/explore/buffered_steps.ts";
import {execute, parseSchedule, under, type Trace} from "../../src/explore/index.ts";
import {defaultsOf, raceNamed} from "../../src/races/index.ts";
import {neighbours, writesWord} from "../../site/timeline-steps.ts";
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
});
