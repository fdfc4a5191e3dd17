// What becomes of a race that somebody wrote: defaults for what it does not say, and names that it can use.

import {readdirSync, readFileSync} from "node:fs";
// As somebody's file imports it.
import type {OwnRace} from "tailpage";
import {describe, expect, it} from "vitest";
import {explore, type Report} from "../../src/explore/index.ts";
import {
  assemble,
  defaultsOf,
  raceOfOnesOwn,
  RaceError,
  setParameters,
  withOwnCode,
  type OwnKernel,
  type Race,
} from "../../src/races/index.ts";
import {errorOf, v5_13} from "../support.ts";

const nothing: OwnRace = {
  about: "A CPU does nothing.",
  stage: () => ({threads: [{name: "A", *run() {}}]}),
};

function own(definition: unknown, name = "mine"): Race {
  return raceOfOnesOwn(definition, {name, text: ""});
}

function explored(race: Race): Report {
  return explore(() => assemble(race, v5_13, defaultsOf(race)), defaultsOf(race));
}

/** The kernel as a race of one's own sees it. */
function seen(): OwnKernel {
  let kernel: OwnKernel | undefined;
  const race = own({
    ...nothing,
    stage(given: OwnKernel) {
      kernel = given;
      return nothing.stage(given, {} as never, {});
    },
  });
  assemble(race, v5_13, {});
  return kernel!;
}

it("two fields are enough", () => {
  const race = own(nothing);
  expect(race).toMatchObject({
    name: "mine",
    about: "A CPU does nothing.",
    stake: "",
    parameters: [],
  });
  expect(race.machine({})).toEqual({pages: 4, pgflags: true});
  expect(race.note({})).toBeNull();
  expect(explored(race)).toMatchObject({verdict: "holds", complete: true, outcomes: []});
});

it.each([
  ["lost-update", "lost_update"],
  ["2nd try", "nd_try"],
  ["2+2W", "W"],
  ["R+W", "R+W"],
  ["a~b.c", "a_b_c"],
  ["\u00fcber", "ber"],
  ["123", "own"],
])("a race called %j stands in schedules as %s", (name, legal) => {
  expect(own(nothing, name).name).toBe(legal);
});

it("its parameters are set as any others are", () => {
  const race = own({...nothing, parameters: [{name: "cpus", default: 2, values: [2, 3]}]});
  expect(setParameters(race, {cpus: "3"})).toEqual({cpus: 3});
  expect(() => setParameters(race, {cpus: 4})).toThrow("it is one of 2, 3");
});

describe("the kernel that it is given", () => {
  it("has everything that is linked, under its own name", () => {
    const kernel = seen() as unknown as Record<string, unknown>;
    const missing = [...v5_13.declarations.keys()].filter((name) => !(name in kernel));
    expect(missing).toEqual([]);
    expect(typeof kernel["run_alone"]).toBe("function");
  });

  it("says of a name that it does not have what was meant", () => {
    const kernel = seen() as unknown as Record<string, unknown>;
    const error = errorOf(() => kernel["spin_lokc"]);
    expect(error).toBeInstanceOf(RaceError);
    expect(error.message).toBe("the kernel has no spin_lokc: did you mean spin_lock?");
  });

  it("makes no cell of a width that memory does not have", () => {
    const {cell} = seen();
    expect(() => cell("s", "c", 0, 2 as 4)).toThrow("s.c of 2 bytes: a cell has 1, 4 or 8");
    expect(() => cell("s", "c", undefined as never, 4)).toThrow("machine.memory.allocate");
  });
});

it("a wait that somebody ends is no mistake, and functions may be marked", () => {
  const race = own({
    about: "One CPU waits for the other.",
    stage(kernel, machine) {
      const flag = kernel.cell("shared", "flag", machine.memory.allocate(4), 4);
      const isSet = kernel.marked("is_set", function* () {
        const value = yield* kernel.READ_ONCE(flag);
        return value === 1;
      });
      return {
        threads: [
          {
            name: "waits",
            *run() {
              yield* kernel.spin_until_cond(isSet);
            },
          },
          {name: "sets", run: () => kernel.WRITE_ONCE(flag, 1)},
        ],
        outcome: ({memory}) => `flag ${memory.read(flag)}`,
      };
    },
  } satisfies OwnRace);
  expect(explored(race)).toMatchObject({verdict: "holds", outcomes: ["flag 1"]});
});

it("a call that nothing became of is found however its thread ends", () => {
  const race = own({
    about: "A yield* is missing in an if.",
    stage(kernel, machine) {
      const cell = kernel.cell("s", "c", machine.memory.allocate(4), 4);
      return {
        threads: [
          {
            name: "A",
            *run() {
              if (kernel.test_bit(0, cell)) yield* kernel.store(cell, 2);
            },
          },
        ],
      };
    },
  } satisfies OwnRace);
  expect(() => explored(race)).toThrow(/kernel\.test_bit\(\) was called and never run/);
});

it("the code beside the kernel counts in the hash, and its lines are known", () => {
  const race = own(nothing);
  const linked = withOwnCode(v5_13, {
    hash: (kernel) => `${kernel}!`,
    place: (line) => (line > 1e6 ? {file: "mine.ts", line: line - 1e6} : null),
  });
  const {code, place} = assemble(race, linked, {});
  expect(code).toBe(`${assemble(race, v5_13, {}).code}!`);
  expect(place(1e6 + 3)).toEqual({file: "mine.ts", line: 3});
  expect(place(100)).toEqual(v5_13.place(100));
});

it("what is no race is named", () => {
  for (const value of [undefined, null, 3, "lost_update", () => nothing])
    expect(() => own(value)).toThrow(/a race is an object \{about, stage\}/);
  expect(() => own({stage() {}})).toThrow(/about of the race is undefined/);
});

it("its kernel has the names of all of the kernel's files", () => {
  const types = readFileSync("src/races/own_types.ts", "utf8");
  const files = readdirSync("src/mm").filter((file) => file !== "index.ts");
  expect(files.length).toBeGreaterThan(40);
  for (const file of files) {
    const [, name] =
      new RegExp(`import type \\* as (\\w+) from "../mm/${file}"`).exec(types) ?? [];
    expect(name, file).toBeDefined();
    expect(types).toContain(`typeof ${name}`);
  }
});
