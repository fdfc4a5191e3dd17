// What is asked of the model, and how it answers, whoever makes the programs: of code that is trusted (model-worker.ts), or of a stranger's
// (apart-worker.ts).

import {
  execute,
  explore,
  parseSchedule,
  recorded,
  type Program,
  type Progress,
  type Report,
  type Running,
  type Trace,
} from "../src/explore/index.ts";
import {UserError, type LinkedKernel} from "../src/livepatch/index.ts";
import {
  defaultsOf,
  raceNamed,
  setParameters,
  type Parameters,
  type Race,
} from "../src/races/index.ts";
import type {SequenceOptions, SequenceRun} from "../src/recorded/sequence.ts";
import {linkKernel, type Patched} from "./linking.ts";
import {memoryModelOf} from "./memory-model.ts";
import {onOtherCode} from "./other-code.ts";
import {refusalOf, type Refusal} from "./refusal.ts";
import {inOrder} from "./run-in-order.ts";

export type Request = (
  | {
      readonly kind: "explore";
      readonly race: string;
      readonly set: Readonly<Record<string, string | number>>;
      /** As a cell has said it. */
      readonly memoryModel?: unknown;
    }
  | {
      readonly kind: "run";
      readonly race: string;
      readonly set: Readonly<Record<string, string | number>>;
      readonly order: readonly number[];
      readonly places: boolean;
    }
  | {readonly kind: "replay"; readonly schedule: string; readonly running: Running}
  | {readonly kind: "sequence"; readonly text: string; readonly options: SequenceOptions}
) &
  Patched;

export type Answer =
  | {readonly kind: "progress"; readonly progress: Progress}
  | {readonly kind: "answered"; readonly value: Answered}
  | {readonly kind: "refused"; readonly refusal: Refusal};

type Answered = Report | Trace | SequenceRun;

type Say = (answer: Answer) => void;

/** A fresh program of a race, on the kernel that the request links. */
export type Make = (race: Race, linked: LinkedKernel, parameters: Parameters) => Program;

export async function answer(request: Request, make: Make, say: Say): Promise<void> {
  try {
    const linked = await linkKernel(request);
    if (request.kind === "sequence")
      return say({kind: "answered", value: await sequence(request, linked)});
    const fresh = (race: Race, parameters: Parameters) => make(race, linked, parameters);
    say({kind: "answered", value: await valueOf(request, fresh, say)});
  } catch (error) {
    say({kind: "refused", refusal: refusalOf(error)});
  }
}

type Fresh = (race: Race, parameters: Parameters) => Program;

/** Recordings are loaded by who asks for them. */
async function sequence(
  {text, options}: Request & {kind: "sequence"},
  linked: LinkedKernel,
): Promise<SequenceRun> {
  const {runSequence} = await import("../src/recorded/sequence.ts");
  return runSequence(linked, text, options);
}

type AboutRace = Exclude<Request, {readonly kind: "sequence"}>;

function valueOf(request: AboutRace, fresh: Fresh, say: Say): Promise<Report | Trace> {
  switch (request.kind) {
    case "explore":
      return exploreRace(request, fresh, say);
    case "run":
      return run(request, fresh);
    case "replay":
      return replay(request, fresh);
  }
}

/** The book's, or one that only checks have: those are loaded when somebody opens what a check has found. */
async function findRace(name: string): Promise<Race> {
  const race = raceNamed(name) ?? (await import("../notebooks/races.ts")).raceOfChecks(name);
  if (race) return race;
  throw new UserError(`there is no race "${name}": the cell "races" lists them`);
}

/** Often enough for a number that somebody reads. */
const PROGRESS_SECONDS = 0.1;

async function exploreRace(
  {race: name, set, memoryModel: model}: Request & {kind: "explore"},
  fresh: Fresh,
  say: Say,
): Promise<Report> {
  const race = await findRace(name);
  const parameters = setParameters(race, set);
  const memoryModel = memoryModelOf(model);
  let told = 0;
  const onProgress = (progress: Progress): boolean => {
    if (progress.seconds - told > PROGRESS_SECONDS) {
      told = progress.seconds;
      say({kind: "progress", progress});
    }
    return true;
  };
  // Nothing is measured, and each outcome has its schedule.
  const options = {onProgress, memoryModel, measures: []};
  return explore(() => fresh(race, parameters), defaultsOf(race), options);
}

async function run(
  {race: name, set, order, places}: Request & {kind: "run"},
  fresh: Fresh,
): Promise<Trace> {
  const race = await findRace(name);
  const program = fresh(race, setParameters(race, set));
  return execute(program, [], defaultsOf(race), inOrder(program, order, places));
}

async function replay(
  {schedule: text, running}: Request & {kind: "replay"},
  fresh: Fresh,
): Promise<Trace> {
  const schedule = parseSchedule(text);
  if (!schedule) throw new UserError(`"${text}" is no schedule: was it cut off?`);
  const race = await findRace(schedule.race);
  const parameters = setParameters(race, schedule.parameters);
  const program = recorded(fresh(race, parameters), schedule);
  const trace = execute(program, schedule.threads, defaultsOf(race), running);
  return program.code === schedule.code ? trace : onOtherCode(trace);
}
