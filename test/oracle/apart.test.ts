// Functions of the kernel that run in QuickJS: the explorer says the same of races, to the last state, as when they run here.

import variant from "@jitl/quickjs-wasmfile-release-sync";
import {guest} from "virtual:oracle-guest";
import {sources} from "virtual:kernel-source";
import {afterEach, beforeAll, describe, expect, it} from "vitest";
import {execute, explore, parseSchedule, type Report} from "../../src/explore/index.ts";
import {fixNamed} from "../../src/fixes/index.ts";
import {link, type Livepatch} from "../../src/livepatch/index.ts";
import {prepare} from "../../src/livepatch/prepare.ts";
import {
  assembleApart,
  createSandbox,
  loadQuickJS,
  type Sandbox,
} from "../../src/oracle/index.ts";
import {
  assemble,
  defaultsOf,
  raceNamed,
  races,
  setParameters,
  type Parameters,
  type Race,
} from "../../src/races/index.ts";

let quickjs: Awaited<ReturnType<typeof loadQuickJS>>;
let sandbox: Sandbox | null = null;

beforeAll(async () => {
  quickjs = await loadQuickJS(variant);
});

afterEach(() => {
  sandbox?.dispose();
  sandbox = null;
});

function linked(livepatches: readonly Livepatch[]) {
  return link(sources, prepare(sources, livepatches));
}

function apart(race: Race, parameters: Parameters, livepatches: readonly Livepatch[]) {
  sandbox ??= createSandbox(quickjs, guest);
  const patched = {sources, livepatches: prepare(sources, livepatches)};
  return assembleApart(patched, sandbox)(race, parameters);
}

/** All functions with a star that v5.13 has, as if somebody had written them again. Those that boot run before there are threads. */
const everything: Livepatch[] = sources
  .filter(({file}) => file.startsWith("src/mm/") && file !== "src/mm/boot.ts")
  .map(({file, code, declarations}) => ({
    name: file,
    text: declarations
      .filter(({kind}) => kind === "function*")
      .map(({start, end}) => code.slice(start, end))
      .join("\n"),
  }))
  .filter(({text}) => text !== "");

function both(name: string, set: Record<string, string | number>, livepatches: Livepatch[]) {
  const race = raceNamed(name)!;
  const parameters = setParameters(race, set);
  const kernel = linked(livepatches);
  return {
    here: explore(() => assemble(race, kernel, parameters), defaultsOf(race)),
    there: explore(() => apart(race, parameters, livepatches), defaultsOf(race)),
  };
}

/** Everything but how long it took. */
function told({elapsedMs: _, ...report}: Report) {
  return report;
}

const fixes = [
  "count_migration_entries_once",
  "reference_recheck_retry",
  "wait_for_migration_entry",
];

describe("functions that run apart", () => {
  it.each(races.map(({name}) => name).filter((name) => name !== "checker_scenario"))(
    "%s: the same verdict, findings, schedules and states",
    (name) => {
      const {here, there} = both(name, name.includes("split") ? {pages: 2} : {}, everything);
      expect(told(there)).toEqual(told(here));
    },
  );

  it.each(fixes)("smaps_vs_split with %s: the same", (fix) => {
    const {here, there} = both("smaps_vs_split", {}, [fixNamed(fix)!]);
    expect(told(there)).toEqual(told(here));
  });

  it("its schedules are replayed to the same trace, functions and lines included", () => {
    const race = raceNamed("smaps_vs_split")!;
    const parameters = setParameters(race, {});
    const {here} = both("smaps_vs_split", {}, everything);
    const {threads} = parseSchedule(here.findings[0].schedule)!;
    const trace = (fresh: () => ReturnType<typeof apart>) =>
      execute(fresh(), threads, defaultsOf(race));
    const ours = trace(() => assemble(race, linked(everything), parameters));
    expect(trace(() => apart(race, parameters, everything))).toEqual(ours);
    expect(ours.steps.some(({places}) => places.length > 2)).toBe(true);
  });
});

const smaps = (body: string): Livepatch[] => [
  {name: "smaps_pte_entry", text: `export function* smaps_pte_entry(pte, mss) {\n${body}\n}`},
];

describe("code that means harm", () => {
  const run = (body: string) => {
    const race = raceNamed("smaps_vs_split")!;
    const parameters = setParameters(race, {});
    return explore(() => apart(race, parameters, smaps(body)), defaultsOf(race));
  };
  const messages = (report: Report) => report.findings.map(({message}) => message).join("\n");

  it("sees nothing of the page, of files or of the network", () => {
    const names = [
      "fetch",
      "localStorage",
      "process",
      "require",
      "postMessage",
      "setTimeout",
      "self",
      "document",
      "navigator",
    ];
    const report = run(
      `throw new Error("sees: " + [${names.map((n) => `typeof ${n}`).join()}].join());`,
    );
    expect(messages(report)).toContain(`sees: ${names.map(() => "undefined").join()}`);
  });

  it("finds no way out through a constructor", () => {
    const report = run(
      `throw new Error("out: " + Object.getOwnPropertyNames(pte.constructor.constructor("return this")()).filter((n) => /fetch|process|import|require/.test(n)).join("+"));`,
    );
    expect(messages(report)).toMatch(/out: $/m);
  });

  it.each([
    ["a loop", "for (;;) {}", /ever become false|ever end/],
    [
      "a loop in a function of its own",
      "const f = () => { let i = 0; do { i++; } while (true); }; f();",
      /ever become false|ever end/,
    ],
    ["a regular expression", `/^(a+)+$/.test("a".repeat(60) + "b");`, /ever end/],
    ["a recursion", "const f = () => f() + 1; f();", /stack|recursion/i],
    [
      "a heap that grows",
      "const all = []; for (;;) all.push(new Uint8Array(100_000));",
      /memory/,
    ],
    ["one large thing", `const s = "x".repeat(2 ** 29); s + s;`, /memory|string/i],
  ])("is stopped: %s", (_, body, expected) => {
    let said: string;
    try {
      said = messages(run(body));
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toMatch(expected);
  });

  it("an operation that the machine does not have is refused", () => {
    const forged = (operation: string) => () =>
      run(`const made = yield* (function* () { return yield ${operation}; })(); return made;`);
    // A bare yield is refused before anything runs; so the operation has to be smuggled.
    expect(forged(`{act: "format_disk"}`)).toThrow(/yield/);
    const smuggle = (operation: string) =>
      messages(
        run(
          `let n = 0; yield* {[Symbol.iterator]: () => ({next: () => (n++ ? {done: true} : {done: false, value: ${operation}})})};`,
        ),
      );
    for (const operation of [
      `{act: "format_disk"}`,
      `{act: "store", kind: "store", cell: {address: 1.5, bytes: 4}, operand: 0, expected: 0, answer: "nothing"}`,
      `{act: "store", kind: "store", cell: {address: 4, bytes: 4, type: "int", group: "g", field: "f"}, operand: "1", expected: 0, answer: "nothing"}`,
      `{act: "store", kind: "store", cell: {address: 4, bytes: 3}, operand: 0, expected: 0, answer: "nothing"}`,
      `{act: "load", kind: "load", cell: {address: {valueOf: () => 4}, bytes: 4}, operand: 0, expected: 0, answer: "old"}`,
      `{}`,
    ])
      expect(smuggle(operation), operation).toMatch(/no thread says/);
  });
});
