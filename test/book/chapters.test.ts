import {grouped} from "../../src/explore/progress_text.ts";
import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {sources} from "virtual:kernel-source";
import {countCrashes} from "../../bin/crashes.ts";
import {listingsOf} from "../../bin/listing.ts";
import {parseChapter} from "../../src/book/chapter.ts";
import {execute, explore, parseSchedule} from "../../src/explore/index.ts";
import {fixNamed} from "../../src/fixes/index.ts";
import {link} from "../../src/livepatch/index.ts";
import {prepare} from "../../src/livepatch/prepare.ts";
import {assemble, defaultsOf, raceNamed, races, setParameters} from "../../src/races/index.ts";
import {unpack, type Comparison, type Packed} from "../../src/compare/index.ts";
import {rowsOf, type TableOptions} from "../../site/comparison-table.ts";
import {costs} from "../../site/costs.ts";
import {verdictText} from "../../site/verdict.ts";
import {complaints, runChapter} from "./run-chapter.ts";

type Options = {set?: Record<string, string | number>; livepatches?: string[]};

/** What the cells of a chapter use, without a page and without a worker. */
const kernel = {
  changed: [],
  async explore(name: string, {set = {}, livepatches = []}: Options = {}) {
    const race = raceNamed(name)!;
    const linked = link(
      sources,
      prepare(
        sources,
        livepatches.map((fix) => fixNamed(fix)!),
      ),
    );
    const parameters = setParameters(race, set);
    return explore(() => assemble(race, linked, parameters), defaultsOf(race));
  },
  async replay(text: string, {livepatches = []}: Options = {}) {
    const schedule = parseSchedule(text)!;
    const race = raceNamed(schedule.race)!;
    const patches = prepare(
      sources,
      livepatches.map((fix) => fixNamed(fix)!),
    );
    const linked = link(sources, patches);
    const program = assemble(race, linked, setParameters(race, schedule.parameters));
    expect(program.code, `${text} was made of other code`).toBe(schedule.code);
    return execute(program, schedule.threads, defaultsOf(race));
  },
  async replayBoth(text: string) {
    const before = await kernel.replay(text);
    return {before, after: before};
  },
};

/** The table, as if its first answer that has a schedule had been pressed. */
function comparisonTable(all: Comparison, {race, set = {}, questions, fixes}: TableOptions) {
  const rows = rowsOf(all, {race, set, fixes});
  const sizes = new Set(rows.map(({parameters}) => JSON.stringify(parameters)));
  expect([...sizes], `${race} in one size`).toHaveLength(1);
  for (const fix of fixes ?? []) expect(rows.map((row) => row.fix)).toContain(fix);
  const answers = rows.flatMap(({fix, verdict}) =>
    questions.map((question) => {
      const answer = verdict.answers.find((one) => one.question === question);
      expect(answer, `${fix} on ${race}: ${question}`).toBeDefined();
      return {fix, race, ...answer!};
    }),
  );
  const value = answers.find((answer) => "schedule" in answer) ?? null;
  return {value, toString: () => `a table of ${rows.length} fixes`};
}

const packed = readFileSync("src/compare/comparison.json", "utf8");
const comparison = unpack(JSON.parse(packed) as Packed);

const builtins = {
  kernel,
  races,
  crashes: countCrashes("."),
  comparison,
  comparisonTable,
  grouped,
  costs,
  atomics: async () => null,
  verdict: verdictText,
  timeline: ({steps}: {steps: unknown[]}) => `a timeline of ${steps.length} steps`,
  compareTimelines: () => "two timelines",
};

const names = readdirSync("chapters").filter((name) => name.endsWith(".md"));

describe.each(names)("%s", (name) => {
  it("runs every cell and shows what its text says it shows", async () => {
    const text = readFileSync(`chapters/${name}`, "utf8");
    const chapter = parseChapter(
      {name, text},
      {cut: listingsOf("."), highlight: (code) => code},
    );
    const runs = await runChapter(chapter, {builtins});
    expect(complaints(name, runs)).toEqual([]);
  });
});
