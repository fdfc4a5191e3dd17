// One fix on one race: explored once, and every question answered from that.

import {
  execute,
  explore,
  grouped,
  parseSchedule,
  type Program,
  type Report,
} from "../explore/index.ts";
import type {LinkedKernel} from "../livepatch/index.ts";
import {assemble, defaultsOf, sayParameters, type Race} from "../races/index.ts";
import {runAlone, type Alone} from "./alone.ts";
import {measuresOf} from "./measures.ts";
import {numbersIn, rangesOf} from "./numbers.ts";
import type {Arena} from "./plan.ts";
import {
  answering,
  AS_WITHOUT,
  buffers,
  ELSE,
  questions,
  type Buffers,
  type Question,
} from "./questions.ts";

/** An answer, with a schedule that shows it, or with what was looked at to be sure. */
export type Answer = {
  readonly question: string;
  readonly answer: string;
} & ({readonly schedule: string} | {readonly bound: string});

/** What a fix comes to on a race. */
export type Verdict = {
  readonly answers: readonly Answer[];
  readonly states: number;
  readonly complete: boolean;
};

/** States after which a search is given up. It would be said. */
const MOST_STATES = 5_000_000;

/** What every exploration judges, whatever the race asks for. */
const ALWAYS = ["no BUG", "no WARN", "no deadlock", "no livelock"];

/** The thread that looks, in every race that is compared. */
const LOOKER = 0;

export function verdictOf(linked: LinkedKernel, arena: Arena): Verdict {
  const {race, parameters, buffered = false} = arena;
  const fresh = () => assemble(race, linked, parameters, {asks: true});
  const report = explore(fresh, defaultsOf(race), {
    maxStates: MOST_STATES,
    measures: measuresOf(LOOKER),
  });
  const bound = boundOf(report);
  const alone = runAlone(fresh(), LOOKER, measuresOf(LOOKER));
  const answers = [
    ...yesOrNo(report, fresh, bound),
    ...undone(report, fresh),
    ...printed(report, alone),
    ...costs(report, alone, bound),
    ...(buffered ? buffers.map((one) => underBuffers(one, race, report, fresh)) : []),
  ];
  return {answers, states: report.counts.states!, complete: report.complete};
}

/** `all 11,909 states of pages=4 mms=1`. */
function boundOf({complete, counts, parameters}: Report): string {
  const states = grouped(counts.states!);
  return `${complete ? "all" : "not all: only"} ${states} states of ${sayParameters(parameters)}`;
}

function yesOrNo(report: Report, fresh: () => Program, bound: string): Answer[] {
  const {invariants, monitors} = fresh();
  const judged = new Set([...ALWAYS, ...[...invariants, ...monitors].map(({name}) => name)]);
  const apply = questions.filter((question) =>
    question.invariants.some((invariant) => judged.has(invariant)),
  );
  return [...apply, ELSE].map((question) => {
    const [finding] = answering(question, report.findings);
    if (finding) return {question: question.name, answer: "yes", schedule: finding.schedule};
    return {question: question.name, answer: report.complete ? "no" : "unknown", bound};
  });
}

/** What goes wrong with store buffers, and without them does not. */
function underBuffers(
  {name: question, model: memoryModel}: Buffers,
  race: Race,
  plain: Report,
  fresh: () => Program,
): Answer {
  const options = {memoryModel, maxStates: MOST_STATES, brief: true};
  const report = explore(fresh, defaultsOf(race), options);
  const bound = boundOf(report);
  const isNew = (one: Question): boolean =>
    answering(one, report.findings).length > 0 && answering(one, plain.findings).length === 0;
  const also = [...questions, ELSE].filter(isNew);
  if (also.length === 0)
    return {question, answer: report.complete ? AS_WITHOUT : "unknown", bound};
  const [{schedule}] = answering(also[0], report.findings);
  return {question, answer: `also ${also.map(({name}) => name).join(", ")}`, schedule};
}

/** Where a split fails late: how much of its work was for nothing, on the shortest schedule to it. */
function undone({findings}: Report, fresh: () => Program): Answer[] {
  const question = questions.find(({name}) => name === "split undone")!;
  const [finding] = answering(question, findings);
  if (!finding) return [];
  const {threads} = parseSchedule(finding.schedule)!;
  const splitter = fresh().threads.length - 1;
  const {steps} = execute(fresh(), threads, {});
  const inside = (name: string) =>
    steps.filter(
      ({thread, shared, places}) =>
        thread === splitter && shared && places.some((place) => place.function === name),
    ).length;
  const answer = `${inside("unmap_page")} accesses done, ${inside("remap_page")} to undo them`;
  return [{question: "work undone", answer, schedule: finding.schedule}];
}

/** What is printed: least and most of each number, and what is printed when nobody else is there. */
function printed({outcomes, witnesses}: Report, alone: Alone): Answer[] {
  const ranges = rangesOf(outcomes, witnesses!);
  const quiet = numbersIn(alone.printed ?? "");
  return ranges.flatMap(({name, least, most}) => [
    {question: `${name}, least`, answer: `${least.kB} kB`, schedule: least.schedule},
    {question: `${name}, most`, answer: `${most.kB} kB`, schedule: most.schedule},
    {
      question: `${name}, when nothing moves`,
      answer: `${quiet.get(name)} kB`,
      bound: "the reader alone",
    },
  ]);
}

/** What looking costs: alone, in the first state, and on the worst of all schedules. */
function costs({most = []}: Report, alone: Alone, bound: string): Answer[] {
  return measuresOf(LOOKER).flatMap(({name}) => {
    const worst = most.find((one) => one.name === name);
    return [
      {
        question: `${name}, alone`,
        answer: String(alone.costs.get(name)),
        bound: "the reader alone",
      },
      worst
        ? {question: `${name}, at the most`, answer: `${worst.most}`, schedule: worst.schedule}
        : {question: `${name}, at the most`, answer: "no bound", bound},
    ];
  });
}
