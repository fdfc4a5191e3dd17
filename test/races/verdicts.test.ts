// The verdict table: v5.13 goes wrong, in one way only; with the fix every schedule holds.

import {describe, expect, it} from "vitest";
import {defaultsOf, raceNamed, races, setParameters} from "../../src/races/index.ts";
import {exploreRace, fixed, FIX, livepatched, program, v5_13} from "../support.ts";

describe("smaps_vs_split", () => {
  describe.each([
    {pages: 2, mms: 1},
    {pages: 4, mms: 1},
    {pages: 8, mms: 1},
    {pages: 2, mms: 2},
    {pages: 4, mms: 2},
  ])("%j", (set) => {
    it("v5.13: a BUG on every page, and otherwise nothing worse than a torn mapcount", () => {
      const {verdict, complete, findings, livepatches} = exploreRace("smaps_vs_split", set);
      expect({verdict, complete, livepatches}).toEqual({
        verdict: "violated",
        complete: true,
        livepatches: [],
      });
      const bugs = findings.filter(({invariant}) => invariant === "no BUG");
      for (const {message, function: where, file} of bugs) {
        expect({message, where, file}).toEqual({
          message: "VM_BUG_ON_PAGE(!PageHead(page))",
          where: "PageDoubleMap",
          file: "src/mm/page-flags.ts",
        });
      }
      const pages = Array.from({length: set.pages}, (_, i) => `page[${i}]`);
      expect(bugs.map(({id}) => id.slice(id.lastIndexOf(" ") + 1)).sort()).toEqual(pages);
      const rest = findings.filter((finding) => !bugs.includes(finding));
      expect(rest.filter(({invariant}) => invariant !== "no torn mapcount")).toEqual([]);
    });

    it("with the fix: holds", () => {
      const {verdict, complete, findings, livepatches} = exploreRace(
        "smaps_vs_split",
        set,
        fixed,
      );
      expect({verdict, complete, findings}).toEqual({
        verdict: "holds",
        complete: true,
        findings: [],
      });
      expect(livepatches).toEqual([FIX]);
    });
  });

  describe.each([{pages: 2}, {pages: 4}])("with pgflags=off, %j", (set) => {
    it("v5.13: no BUG, but smaps counts with a torn mapcount", () => {
      const {verdict, complete, findings} = exploreRace("smaps_vs_split", {
        ...set,
        pgflags: "off",
      });
      expect({verdict, complete}).toEqual({verdict: "violated", complete: true});
      expect(findings.length).toBeGreaterThan(0);
      for (const {invariant, function: where} of findings) {
        expect({invariant, where}).toEqual({
          invariant: "no torn mapcount",
          where: "smaps_account",
        });
      }
    });

    it("with the fix: holds", () => {
      const {verdict, complete} = exploreRace(
        "smaps_vs_split",
        {...set, pgflags: "off"},
        fixed,
      );
      expect({verdict, complete}).toEqual({verdict: "holds", complete: true});
    });
  });

  it("to the BUG two preemptions are enough, one of each thread, and fewer are not", () => {
    const {findings} = exploreRace("smaps_vs_split", {pages: 2});
    const bugs = findings.filter(({invariant}) => invariant === "no BUG");
    expect(bugs.map((bug) => bug.fewestPreemptions.preemptions)).toEqual([2, 2]);
  });

  it("what smaps prints when all goes well is what it prints of a quiet page, huge or not", () => {
    const rest = "Rss 16 kB, Pss 16 kB, Private 16 kB, Shared 0 kB";
    expect(exploreRace("smaps_vs_split", {}, fixed).outcomes).toEqual([
      `${rest}, AnonHugePages 0 kB`,
      `${rest}, AnonHugePages 16 kB`,
    ]);
  });

  it("a kernel that forgets to drop a reference, or a lock, is told so", () => {
    const leak =
      "export function* put_anon_vma(anon_vma) {\n}\nexport function* up_read(sem) {\n}\n";
    const linked = livepatched({name: "leak.ts", text: leak});
    const {findings} = exploreRace("smaps_vs_split", {pages: 2, pgflags: "off"}, linked);
    expect(findings.map(({message}) => message)).toContain(
      "cat smaps has finished and still holds mm0.mmap_lock (a missing unlock?)",
    );

    const held = "export function* page_vma_mapped_walk_done(pvmw) {\n}\n";
    const deadlock = exploreRace(
      "smaps_vs_split",
      {pages: 2},
      livepatched({name: "held.ts", text: held}),
    );
    expect(deadlock.findings.map(({invariant}) => invariant)).toContain("no deadlock");
  });
});

describe("every race", () => {
  it.each(races)(
    "$name says in one sentence each what it is and what is at stake",
    ({about, stake}) => {
      for (const sentence of [about, stake]) expect(sentence).toMatch(/[a-z]\.$/);
    },
  );

  it.each(races)(
    "$name: its defaults are among its values, and none is set twice",
    ({parameters}) => {
      for (const {default: value, values} of parameters) expect(values).toContain(value);
      const names = parameters.map(({name}) => name);
      expect(new Set(names).size).toBe(names.length);
    },
  );

  it.each(races)("$name: every function that it names as a root is there", (race) => {
    for (const {name, values} of race.parameters) {
      for (const value of values) {
        const roots = race.roots(setParameters(race, {[name]: value}));
        for (const root of roots) expect(v5_13.declarations.has(root), root).toBe(true);
      }
    }
  });

  it.each(races)("$name is the same program each time it is made", ({name}) => {
    const fresh = program(name);
    const [one, other] = [fresh(), fresh()];
    expect(one.code).toBe(other.code);
    expect(one.machine.memory.halves).toEqual(other.machine.memory.halves);
    expect(one.machine.memory).not.toBe(other.machine.memory);
  });
});

describe("parameters", () => {
  const race = raceNamed("smaps_vs_split")!;

  it("are the defaults, but for what is set, as text or as number", () => {
    expect(defaultsOf(race)).toEqual({
      pages: 4,
      mms: 1,
      readers: 1,
      pgflags: "on",
      splitter: "page",
    });
    expect(setParameters(race, {pages: "8", mms: 2})).toEqual({
      pages: 8,
      mms: 2,
      readers: 1,
      pgflags: "on",
      splitter: "page",
    });
  });

  it("that there are not, and values that they cannot have, are named beside those that there are", () => {
    expect(() => setParameters(race, {page: 8})).toThrow(
      'smaps_vs_split has no parameter "page": it has pages, mms, readers, pgflags, splitter',
    );
    expect(() => setParameters(race, {pages: 3})).toThrow(
      'pages of smaps_vs_split cannot be "3": it is one of 2, 4, 8, 16',
    );
    expect(() => setParameters(race, {pages: ""})).toThrow("cannot be");
  });

  it("that change the story are told to the reader", () => {
    expect(race.note(setParameters(race, {}))).toBeNull();
    expect(race.note(setParameters(race, {mms: 2}))).toMatch(/debugfs/);
    expect(race.note(setParameters(race, {pages: 2}))).toMatch(/no third page/);
  });
});
