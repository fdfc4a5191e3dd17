// A counterexample shows the same wherever it is replayed: from its link, as the page does it and as the command does, and from its schedule beside
// what the student wrote. For every wrong solution of every assignment.

import variant from "@jitl/quickjs-wasmfile-release-sync";
import {guest} from "virtual:oracle-guest";
import {sources} from "virtual:kernel-source";
import {notebooks} from "virtual:notebooks";
import {beforeAll, describe, expect, it, vi} from "vitest";
import {runReplay} from "../../bin/replay.ts";
import {assignments} from "../../notebooks/index.ts";
import {racesOfChecks} from "../../notebooks/races.ts";
import {answer, type Answer} from "../../site/answering.ts";
import {packShared, unpackShared} from "../../src/book/shared_link.ts";
import {
  formatSchedule,
  parseSchedule,
  type Finding,
  type Report,
  type Trace,
} from "../../src/explore/index.ts";
import {
  judge,
  linkOf,
  type Assignment,
  type Counterexample,
  type Engine,
  type Judgement,
  type Property,
  type Student,
} from "../../src/grade/index.ts";
import {assembleApart, createSandbox, loadQuickJS} from "../../src/oracle/index.ts";
import {races} from "../../src/races/index.ts";
import {fileWith} from "../bin/command.ts";
import {solutionsOf, submissionOf} from "./solutions.ts";

let engine: Engine;

beforeAll(async () => {
  engine = {sources, guest, quickjs: await loadQuickJS(variant)};
});

/** What a run has to show. */
type Shown = {
  readonly steps: readonly string[];
  readonly outcome: string | null;
  readonly findings: readonly string[];
  readonly warning: string | null;
};

function shownBy({steps, threads, outcome, findings, warning}: Trace): Shown {
  return {
    steps: steps.map(({thread, text}) => `${threads[thread].name}: ${text}`),
    outcome,
    findings: findings.map(said),
    warning,
  };
}

function said({invariant, message}: Pick<Finding, "invariant" | "message">): string {
  return `${invariant}: ${message}`;
}

/** What was judged, with the run of its counterexample as whoever judged has it, and what the search found there. */
type Judged = {readonly run: Shown; readonly found: string | null};

/** The same assignment, and what comes out while it is judged. */
function watched(assignment: Assignment, judged: Map<string, Judged>): Assignment {
  const properties = assignment.properties.map((property): Property => ({
    ...property,
    judge(student) {
      const reports: Report[] = [];
      const explore = student.explore.bind(student);
      student.explore = (...asked) => {
        const report = explore(...asked);
        reports.push(report);
        return report;
      };
      const judgement = property.judge(student);
      const seen = judgedBy(judgement, student, reports);
      if (seen) judged.set(property.id, seen);
      return judgement;
    },
  }));
  return {...assignment, properties};
}

function judgedBy(judgement: Judgement, student: Student, reports: Report[]): Judged | null {
  if (judgement.status === "pass" || !judgement.scenario) return null;
  const {scenario, schedule, message} = judgement;
  const found = reports
    .flatMap(({findings}) => findings)
    .find((finding) => finding.schedule === schedule && finding.message === message);
  return {run: shownBy(student.replay(scenario, schedule!)), found: found ? said(found) : null};
}

/** As the page that a link is opened in. */
async function inThePage(link: string): Promise<Shown> {
  const {schedule, kernel} = (await unpackShared(new URL(link).hash))!;
  const sandbox = createSandbox(engine.quickjs, guest);
  const answers: Answer[] = [];
  await answer(
    {kind: "replay", schedule: schedule!, running: {}, livepatches: [], edits: kernel},
    (race, {livepatches}, parameters) =>
      assembleApart({sources, livepatches}, sandbox)(race, parameters),
    (given) => void answers.push(given),
  );
  sandbox.dispose();
  const [given] = answers;
  if (given.kind !== "answered") throw new Error(JSON.stringify(given));
  return shownBy(given.value as Trace);
}

/** `tailpage replay`, as it is typed. */
async function typed(...args: string[]): Promise<Shown> {
  let text = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((part) => {
    text += String(part);
    return true;
  });
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  try {
    const code = await runReplay([...args, "--json"]);
    const trace = JSON.parse(text) as Trace;
    expect(code, String(log.mock.calls)).toBe(trace.findings.length > 0 ? 1 : 0);
    return shownBy(trace);
  } finally {
    write.mockRestore();
    log.mockRestore();
  }
}

/** As the feedback says it, with what was written in a file. */
function asInFeedback({schedule, livepatches}: Counterexample): Promise<Shown> {
  const text = livepatches.map((patch) => patch.text).join("\n");
  return typed(schedule, ...(text ? ["--livepatch", fileWith(text, "answer.ts")] : []));
}

describe.each(assignments)("$name", (assignment) => {
  const {name} = assignment;
  const wrong = solutionsOf(name).filter(({loses}) => loses.length > 0);
  const {starter, edition} = notebooks[name];

  it.each(wrong)("$name: what goes wrong is seen again anywhere", async (solution) => {
    const judged = new Map<string, Judged>();
    const course = {assignment: watched(assignment, judged), starter, edition};
    const text = submissionOf(name, solution);
    const results = judge({file: "a.html", text}, course, engine);
    for (const {id, counterexample} of results.properties) {
      if (!counterexample) continue;
      const {run, found} = judged.get(id)!;
      expect(run.steps, id).toEqual(counterexample.steps);
      if (found !== null) expect(run.findings, id).toContain(found);
      const link = await linkOf(results, counterexample, "https://book.example", packShared);
      expect(await inThePage(link), `${id}, in the page`).toEqual(run);
      expect(await typed(link), `${id}, by its link`).toEqual(run);
      expect(await asInFeedback(counterexample), `${id}, by its schedule`).toEqual(run);
    }
  });
});

it("a race that only checks have has a name of its own, which a schedule can say", () => {
  const names = [...races, ...racesOfChecks].map((race) => race.name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  for (const {name, parameters} of racesOfChecks) {
    const values = parameters.flatMap((parameter) =>
      parameter.values.map((value) => ({[parameter.name]: String(value)})),
    );
    for (const set of [{}, ...values]) {
      const schedule = {race: name, parameters: set, code: "0abc1230", threads: [0, 1]};
      expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
    }
  }
});
