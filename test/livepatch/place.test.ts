// Where a step stands: the files and lines in a trace are those of the sources that a reader sees.

import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {execute, type Trace} from "../../src/explore/index.ts";
import {fixNamed} from "../../src/fixes/index.ts";
import type {LinkedKernel} from "../../src/livepatch/index.ts";
import {fixed, FIX, follow, program, v5_13} from "../support.ts";

const texts = new Map<string, string[]>([[FIX, fixNamed(FIX)!.text.split("\n")]]);

function sourceLine(file: string, line: number): string {
  if (!texts.has(file)) texts.set(file, readFileSync(file, "utf8").split("\n"));
  return texts.get(file)![line - 1];
}

/** The split to its end, then the reader; and the reader in the middle of the split, as far as both can go. */
const SCHEDULES = {
  after: [
    [1, Infinity],
    [0, Infinity],
  ],
  amid: [
    [1, 190],
    [0, Infinity],
    [1, Infinity],
    [0, Infinity],
  ],
} as const;

function trace(linked: LinkedKernel, runs: readonly (readonly [number, number])[]): Trace {
  const fresh = program("smaps_vs_split", {pages: 2}, linked);
  return execute(fresh(), follow(fresh, runs), {});
}

describe.each([
  ["v5.13", v5_13],
  ["the fixed kernel", fixed],
])("%s", (_name, linked) => {
  describe.each(Object.entries(SCHEDULES))("%s", (_when, schedule) => {
    const {steps} = trace(linked, schedule);

    it("every step of the kernel's is placed", () => {
      expect(steps.length).toBeGreaterThan(300);
      expect(steps.filter(({places}) => places.length === 0)).toEqual([]);
    });

    it("the line of a step is the line that performs it", () => {
      const wrong = steps.filter(
        ({kind, places: [{file, line}]}) => !sourceLine(file, line).includes(`${kind}(`),
      );
      expect(wrong.map(({kind, places}) => ({kind, ...places[0]}))).toEqual([]);
    });

    it("every function of a backtrace is called on the line of the one around it", () => {
      for (const {places} of steps) {
        places.slice(1).forEach(({file, line}, i) => {
          const callee = places[i].function;
          expect(sourceLine(file, line), `${callee} in ${file}:${line}`).toMatch(
            new RegExp(`(\\b${callee}|look)\\(`),
          );
        });
      }
    });

    it("every function of a backtrace is the one that its line belongs to", () => {
      for (const place of steps.flatMap(({places}) => places)) {
        const declaration = linked.declarations.get(place.function)!;
        expect(declaration.file).toBe(place.file);
        expect(place.line).toBeGreaterThanOrEqual(declaration.line);
        expect(place.line).toBeLessThanOrEqual(declaration.endLine);
      }
    });
  });
});

it("what a livepatch replaces is placed in the livepatch, the rest where it always was", () => {
  const {steps} = trace(fixed, SCHEDULES.after);
  const files = (name: string) =>
    new Set(
      steps.flatMap(({places}) => places.filter((p) => p.function === name)).map((p) => p.file),
    );
  expect(files("smaps_account")).toEqual(new Set([FIX]));
  expect(files("smaps_pte_range")).toEqual(new Set(["src/mm/task_mmu.ts"]));
});

it("a declaration's lines are those of its TypeScript", () => {
  for (const {name, kind, file, line, endLine} of v5_13.declarations.values()) {
    expect(sourceLine(file, line), `${file}:${line}`).toMatch(
      new RegExp(`(function\\*?|const) ${name.replace("$", "\\$")}\\b`),
    );
    if (kind !== "const") expect(sourceLine(file, endLine), `${file}:${endLine}`).toBe("}");
  }
});

it("a line that belongs to nobody has no place", () => {
  expect(v5_13.place(1)).toBeNull();
  expect(v5_13.place(10_000_000)).toBeNull();
});
