import {describe as group, expect, it} from "vitest";
import {
  EVERY_TRACE,
  HEADLINE,
  HUNT,
  TO_THE_BUG,
  WHOLE_SPACE,
  type Configuration,
} from "../../bench/configurations.ts";
import {median, spread} from "../../bench/figures.ts";
import {table} from "../../bench/markdown.ts";
import {describe} from "../../bench/page.ts";
import {disagreements, type Results} from "../../bench/results.ts";
import {readOutput, type SpinFigures} from "../../bench/spin.ts";
import type {OurFigures} from "../../bench/tailpage.ts";
import {raceNamed, setParameters} from "../../src/races/index.ts";

const OURS: OurFigures = {
  verdict: "holds",
  counts: {states: 200_000, executions: 50_000, blocked: 0},
  elapsedMs: 400,
  steps: null,
  preemptions: null,
  wallMs: 500,
  peakKb: 100 * 1024,
};
const SPIN: SpinFigures = {
  verdict: "holds",
  states: 600_000,
  steps: null,
  generateMs: 50,
  compileMs: 1000,
  runMs: 450,
  peakKb: 150 * 1024,
};
const BUG = {verdict: "violated", steps: 30, preemptions: 2} as const;
const rounds = <T>(one: T): T[] => [one, one, one];

const RESULTS: Results = {
  date: "2026-01-01",
  machine: {
    processor: "a processor",
    cores: 2,
    memoryGb: 24,
    load: 0.5,
    system: "a system",
    node: "20",
    fastCheck: "4",
    spin: "SPIN 6.5.2",
    gcc: "gcc 12",
  },
  spinIsMissing: null,
  nodeAlone: rounds({wallMs: 40, peakKb: 40 * 1024}),
  ways: [{way: "-O2", spin: rounds(SPIN)}],
  wholeSpace: [
    {
      configuration: HEADLINE,
      ours: rounds(OURS),
      spin: {usual: rounds(SPIN), fastest: rounds(SPIN), compiled: rounds(SPIN)},
    },
  ],
  toTheBug: [
    {
      configuration: HUNT,
      ours: rounds({...OURS, ...BUG}),
      spin: rounds({...SPIN, verdict: "violated", steps: 30}),
    },
  ],
  everyTrace: [{configuration: HEADLINE, dpor: rounds(OURS), stateful: OURS}],
  firstFinding: rounds({firstMs: 40, warmMs: [10], steps: 30, preemptions: 2}),
  hunts: [
    {who: "fast-check", hunts: [{schedules: 200, ms: 40}]},
    {who: "our pos", hunts: [{schedules: 100, ms: 10}]},
  ],
};
const WITHOUT_SPIN: Results = {
  ...RESULTS,
  machine: {...RESULTS.machine, spin: null, gcc: null},
  spinIsMissing: "spin not installed",
  ways: [],
  wholeSpace: RESULTS.wholeSpace.map((row) => ({...row, spin: null})),
  toTheBug: RESULTS.toTheBug.map((row) => ({...row, spin: null})),
};

it("a table has its numbers to the right", () => {
  const columns = [
    {title: "who", cell: (row: string) => row, left: true},
    {title: "letters", cell: (row: string) => String(row.length)},
  ];
  expect(table(columns, ["pos", "random"]).split("\n")).toEqual([
    "| who | letters |",
    "| --- | ---: |",
    "| pos | 3 |",
    "| random | 6 |",
  ]);
});

it("of several rounds the middle one is told, and the range where there is one", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(spread([3, 1, 2], (n) => n, String)).toBe("2 (1 to 3)");
  expect(spread([2, 2], (n) => n, String)).toBe("2");
});

group("the page", () => {
  it("opens with ratios: SPIN needs three times as long for the same verdict", () => {
    const [, ratios] = describe(RESULTS).split("\n## ");
    expect(ratios).toContain("SPIN as usual / ours** | 3.0 |");
    expect(ratios).toContain("peak memory, SPIN as usual / ours** | 1.5 |");
    expect(ratios).toContain("fast-check / our pos | 2.0 |");
  });

  it("tells the figures that the ratios come from", () => {
    const page = describe(RESULTS);
    expect(page).toContain("| 600,000 |");
    expect(page).toContain("| 200,000 |");
    expect(page).toContain("| 1.50 s |");
    expect(page).toContain("| 125,000 |");
    expect(page).toContain("SPIN 6.5.2");
  });

  it("says so where SPIN is not installed, and has the rest", () => {
    const page = describe(WITHOUT_SPIN);
    expect(page).toContain("**Without SPIN: spin not installed.**");
    expect(page).toContain("fast-check / our pos | 2.0 |");
    expect(page).toContain("| 200,000 |");
  });

  it("has nothing in it that is not a number", () => {
    for (const results of [RESULTS, WITHOUT_SPIN])
      expect(describe(results)).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});

group("figures are worth nothing where", () => {
  const [row] = RESULTS.wholeSpace;
  const [bug] = RESULTS.toTheBug;

  it("SPIN gives another verdict", () => {
    const spin = {...row.spin!, compiled: [{...SPIN, verdict: "unknown" as const}]};
    expect(disagreements({...RESULTS, wholeSpace: [{...row, spin}]})).toEqual([
      "SRRGG, 3 pages, fix: the verdict is not the same: ours holds, SPIN holds and unknown",
    ]);
  });

  it("the shortest schedules are not equally long", () => {
    const longer = bug.spin!.map((round) => ({...round, steps: 31}));
    expect(disagreements({...RESULTS, toTheBug: [{...bug, spin: longer}]})).toEqual([
      "SR, 3 pages, buggy: the shortest schedule is not the same: ours 30, SPIN 31",
    ]);
  });

  it("and nowhere else", () => {
    expect(disagreements(RESULTS)).toEqual([]);
    expect(disagreements(WITHOUT_SPIN)).toEqual([]);
  });
});

group("what SPIN prints", () => {
  const printed = (more: string) =>
    `${more}\nState-vector 36 byte, depth reached 66, errors: 0\n      454 states, stored\n`;

  it("is read", () => {
    expect(readOutput(printed(""))).toEqual({verdict: "holds", states: 454, steps: null});
  });

  it("is no verdict if the search was cut short", () => {
    expect(readOutput(printed("error: max search depth too small")).verdict).toBe("unknown");
  });

  it("is a mistake if there is no result in it", () => {
    expect(() => readOutput("Segmentation fault")).toThrow("is it another version?");
  });
});

it("what is measured are configurations that the race has", () => {
  const race = raceNamed("checker_scenario")!;
  const all: readonly Configuration[] = [
    HEADLINE,
    HUNT,
    ...WHOLE_SPACE,
    ...TO_THE_BUG,
    ...EVERY_TRACE,
  ];
  for (const {shape, pages, mode} of all)
    expect(setParameters(race, {shape, pages, mode})).toEqual({shape, pages, mode});
  expect(WHOLE_SPACE[0]).toBe(HEADLINE);
});
