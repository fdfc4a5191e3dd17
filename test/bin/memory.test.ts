// `tailpage explore --memory` and the replay of what it finds.

import {describe, expect, it} from "vitest";
import {races} from "../../src/races/index.ts";
import type {Report, Trace} from "../../src/explore/index.ts";
import {tailpage} from "./command.ts";

function explored(...args: string[]): Report {
  return JSON.parse(tailpage("explore", ...args, "--json").stdout) as Report;
}

describe("explore --memory", () => {
  it.each([
    ["sc", "sequential consistency", 3],
    ["tso", "total store order", 4],
    ["pso", "partial store order", 4],
  ] as const)("%s is said, and counts", (model, name, outcomes) => {
    const report = explored("litmus_SB", "--memory", model);
    expect(report).toMatchObject({memoryModel: model, verdict: "holds", complete: true});
    expect(report.outcomes).toHaveLength(outcomes);
    const {stdout} = tailpage("explore", "litmus_SB", "--memory", model);
    expect(stdout).toContain(`every schedule was covered, under ${name}`);
  });

  it.each(["pos", "pct", "random"])("%s draws from store buffers too", (strategy) => {
    const {outcomes} = explored("litmus_SB", "--memory", "tso", "--strategy", strategy);
    expect(outcomes).toContain("r0=0 r1=0 x=1 y=1");
  });

  it.each([
    [["--memory", "arm"], "--memory arm: it is one of sc, tso, pso"],
    [
      ["--memory", "tso", "--strategy", "dpor"],
      "dpor does not know of store buffers: under tso use stateful, pos, pct or random",
    ],
    [
      ["--memory", "pso", "--shard", "1/2"],
      "a search under pso cannot be divided: gates know nothing of store buffers",
    ],
    [
      ["--memory", "pso", "--workers", "2"],
      "a search under pso cannot be divided: gates know nothing of store buffers",
    ],
  ])("%j is refused in one line", (args, says) => {
    const {status, stdout, stderr} = tailpage("explore", "litmus_SB", ...args);
    expect({status, stdout, stderr}).toEqual({
      status: 2,
      stdout: "",
      stderr: `tailpage: ${says}\n`,
    });
  });
});

describe("a schedule with store buffers", () => {
  const {findings} = explored("lost_update", "--memory", "tso");
  const [{schedule}] = findings;

  it("names the memory model, and buffers by capital letters", () => {
    expect(schedule).toMatch(/^lost_update~memory-tso~[0-9a-z]{8}~[abAB0-9]+$/);
  });

  it("can be replayed: each store that reaches memory is a step", () => {
    const {status, stdout, stderr} = tailpage("replay", schedule, "--json");
    expect({status, stderr}).toEqual({status: 1, stderr: ""});
    const {steps, findings: again} = JSON.parse(stdout) as Trace;
    expect(again.map(({id}) => id)).toContain(findings[0].id);
    const texts = steps.map(({kind, text, changes}) => [kind, text, changes.length] as const);
    expect(texts).toContainEqual(["store", "shared.counter = 1 (in the store buffer)", 0]);
    expect(texts).toContainEqual([
      "store buffer",
      "the store to shared.counter reaches memory",
      1,
    ]);
    const reaches = steps.find(({kind}) => kind === "store buffer")!;
    expect(reaches.places[0]).toEqual(steps.find(({kind}) => kind === "store")!.places[0]);
  });

  it("is printed as columns", () => {
    const {stdout} = tailpage("replay", schedule);
    expect(stdout).toContain("(in the store buffer)");
    expect(stdout).toContain("reaches memory");
  });

  it("that asks for a store which is not there says so", () => {
    const asks = schedule.replace(/~[abAB0-9]+$/, "~A");
    expect(tailpage("replay", asks).stderr).toContain("no such store waits in the buffer of");
  });

  it("no race has a parameter of that name", () => {
    for (const {name, parameters} of races)
      expect(
        parameters.map((parameter) => parameter.name),
        name,
      ).not.toContain("memory");
  });
});

describe("replay of a run with store buffers", () => {
  it("prints what waits behind the last step that changed it", () => {
    const {stdout} = tailpage("replay", "litmus_MP~memory-pso~00000000~aa_Abb");
    const lines = stdout.split("\n").map((line) => line.trim());
    expect(lines.filter((line) => line.includes("buffer"))).toEqual([
      "1   litmus.x = 1 (in the store buffer)",
      "2   litmus.y = 1 (in the store buffer)",
      "[its store buffer: litmus.x = 1]",
    ]);
    expect(lines).toContain("3   the store to litmus.y reaches memory");
  });

  it("says so when nothing waits any more", () => {
    const {stdout} = tailpage("replay", "litmus_MP~memory-tso~00000000~aaA2bb");
    expect(stdout).toContain("[its store buffer: empty]");
  });

  it("where processors take turns there is nothing to wait", () => {
    const {stdout} = tailpage("replay", "litmus_MP~00000000~aabb");
    expect(stdout).not.toContain("buffer");
  });
});
