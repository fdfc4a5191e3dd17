// The comparison is what runs say, and nothing else: no verdict in it is written down by anybody.

import {sources} from "virtual:kernel-source";
import {describe, expect, it} from "vitest";
import {
  cellsOf,
  Comparing,
  comparisonOf,
  NOTHING,
  pack,
  questions,
  tableText,
  unpack,
  type Comparison,
} from "../../src/compare/index.ts";
import {rangesOf} from "../../src/compare/numbers.ts";
import {execute, parseSchedule} from "../../src/explore/index.ts";
import {fixNamed} from "../../src/fixes/index.ts";
import type {Livepatch} from "../../src/livepatch/index.ts";
import {assemble, defaultsOf, raceNamed} from "../../src/races/index.ts";
import {FIX, livepatched, v5_13} from "../support.ts";

/** Of these fixes, on one race in the size of its defaults. */
function compared(race: string, ...fixes: readonly Livepatch[]): Comparison {
  const comparing = new Comparing(sources, fixes);
  const {pairings, tasks} = comparing.plan();
  const isWanted = (name: string, parameters: object) =>
    name === race &&
    JSON.stringify(parameters) === JSON.stringify(defaultsOf(raceNamed(race)!));
  const plan = {
    pairings: pairings.filter((pairing) => isWanted(pairing.race, pairing.parameters)),
    tasks: tasks.filter(({arena}) => isWanted(arena.race.name, arena.parameters)),
  };
  return comparisonOf(
    plan,
    plan.tasks.map((task) => comparing.explore(task)),
  );
}

function answersOf(comparison: Comparison, fix: string): Record<string, string> {
  const {answers} = comparison.find((row) => row.fix === fix)!.verdict;
  return Object.fromEntries(answers.map(({question, answer}) => [question, answer]));
}

const fix = fixNamed(FIX)!;

describe("what a comparison says", () => {
  const comparison = compared("smaps_vs_split", fix);

  it("is of the kernel as it was, and of each fix", () => {
    expect(comparison.map((row) => row.fix)).toEqual([NOTHING, FIX]);
    expect(answersOf(comparison, NOTHING)).toMatchObject({BUG: "yes", "torn mapcount": "yes"});
    expect(answersOf(comparison, FIX)).toMatchObject({BUG: "no", "torn mapcount": "no"});
  });

  it("has a schedule for each yes that shows it, and for each no what was looked at", () => {
    for (const {fix: name, race, parameters, verdict} of comparison) {
      const linked = name === NOTHING ? v5_13 : livepatched(fixNamed(name)!);
      const program = () => assemble(raceNamed(race)!, linked, parameters, {asks: true});
      for (const answer of verdict.answers) {
        if ("bound" in answer) {
          expect(answer.bound).toMatch(/^all [\d,]+ states of |^the reader alone$/);
          continue;
        }
        const {threads, code} = parseSchedule(answer.schedule)!;
        expect(code).toBe(program().code);
        const trace = execute(program(), threads, parameters);
        const asked = questions.find(({name: question}) => question === answer.question);
        const broken = trace.findings.map(({invariant}) => invariant);
        if (asked) expect(asked.invariants.some((one) => broken.includes(one))).toBe(true);
      }
    }
  });

  it("is the same when it is made again, and when it was put away in between", () => {
    expect(compared("smaps_vs_split", fix)).toEqual(comparison);
    const put_away = JSON.parse(JSON.stringify(pack(comparison))) as ReturnType<typeof pack>;
    expect(unpack(put_away)).toEqual(comparison);
  });

  it("has a cell for each answer", () => {
    const {fixes, races, cells} = cellsOf(comparison);
    expect({fixes, races}).toEqual({fixes: [NOTHING, FIX], races: ["smaps_vs_split"]});
    expect(cells).toHaveLength(comparison.flatMap(({verdict}) => verdict.answers).length);
    for (const {answer, question, ...rest} of cells) {
      expect([answer, question]).not.toContain("");
      expect("schedule" in rest !== "bound" in rest).toBe(true);
    }
  });

  it("reads as a table, with what to type below it", () => {
    const text = tableText(comparison, (schedule) => `replay ${schedule}`);
    expect(text).toContain("smaps_vs_split (pages=4 mms=1");
    expect(text).toMatch(/^ {2}nothing +yes \[1\]/m);
    expect(text).toMatch(/^ {2}\[1\] replay smaps_vs_split~/m);
  });
});

describe("a fix of which one line is changed", () => {
  it("comes to something else", () => {
    const text = fix.text.replace("if (sole || migration)", "if (sole)");
    expect(text).not.toBe(fix.text);
    const broken = compared("smaps_vs_split", fix, {name: "broken", text});
    expect(answersOf(broken, FIX).BUG).toBe("no");
    expect(answersOf(broken, "broken").BUG).toBe("yes");
  });
});

describe("the recheck, if it is taken out again", () => {
  const recheck = "if (again === head) return head;";

  it("of the reference for smaps: the reference is on the wrong page, and still nothing crashes", () => {
    const whole = fixNamed("reference_recheck_skip")!;
    const text = whole.text.replace(recheck, "return head;");
    expect(text).not.toBe(whole.text);
    const table = compared("smaps_vs_split", whole, {name: "dropped", text});
    expect(answersOf(table, whole.name)).toMatchObject({BUG: "no", "wrong page": "no"});
    expect(answersOf(table, "dropped")).toMatchObject({BUG: "no", "wrong page": "yes"});
  }, 300_000);

  it("of GUP-fast: a page is used that has been freed", () => {
    const whole = fixNamed("gup_recheck_head")!;
    const text = whole.text.replace(recheck, "return head;");
    expect(text).not.toBe(whole.text);
    const table = compared("gup_fast_vs_split", whole, {name: "dropped", text});
    expect(answersOf(table, whole.name)).toMatchObject({
      "wrong page": "no",
      "reference lost": "no",
      "use after free": "no",
    });
    expect(answersOf(table, "dropped")).toMatchObject({
      "wrong page": "yes",
      "reference lost": "yes",
      "use after free": "yes",
    });
  }, 300_000);
});

describe("a fix that leaves a race's code as it was", () => {
  it("has the verdict of the kernel as it was, and is not explored again", () => {
    const again = compared("smaps_vs_split", {name: "again", text: fix.text}, fix);
    const [, one, two] = again;
    expect(one.code).toBe(two.code);
    expect(one.verdict).toBe(two.verdict);
  });
});

describe("numbers that are printed", () => {
  it("have a least and a most, each with a schedule", () => {
    const lines = ["Rss 16 kB, Pss 8 kB", "Rss 16 kB, Pss 3 kB", "BUG of page[0]"];
    expect(rangesOf(lines, ["a", "b", "c"])).toEqual([
      {
        name: "Rss",
        least: {name: "Rss", kB: 16, schedule: "a"},
        most: {name: "Rss", kB: 16, schedule: "a"},
      },
      {
        name: "Pss",
        least: {name: "Pss", kB: 3, schedule: "b"},
        most: {name: "Pss", kB: 8, schedule: "a"},
      },
    ]);
  });
});
