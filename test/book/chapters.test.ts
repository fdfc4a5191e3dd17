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
  async replay(text: string) {
    const schedule = parseSchedule(text)!;
    const race = raceNamed(schedule.race)!;
    const program = assemble(race, link(sources), setParameters(race, schedule.parameters));
    return execute(program, schedule.threads, defaultsOf(race));
  },
};

const builtins = {
  kernel,
  races,
  crashes: countCrashes("."),
  verdict: verdictText,
  timeline: ({steps}: {steps: unknown[]}) => `a timeline of ${steps.length} steps`,
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
