// Explores and replays, away from the page. One question, one answer, and progress in between.

import {
  execute,
  explore,
  parseSchedule,
  type Progress,
  type Report,
  type Running,
  type Trace,
} from "../src/explore/index.ts";
import {UserError, type LinkedKernel} from "../src/livepatch/index.ts";
import {assemble, defaultsOf, raceNamed, setParameters} from "../src/races/index.ts";
import {linkKernel, type Patched} from "./linking.ts";
import {onOtherCode} from "./other-code.ts";
import {refusalOf, type Refusal} from "./refusal.ts";

export type Request = (
  | {
      readonly kind: "explore";
      readonly race: string;
      readonly set: Readonly<Record<string, string | number>>;
    }
  | {readonly kind: "replay"; readonly schedule: string; readonly running: Running}
) &
  Patched;

export type Answer =
  | {readonly kind: "progress"; readonly progress: Progress}
  | {readonly kind: "answered"; readonly value: Report | Trace}
  | {readonly kind: "refused"; readonly refusal: Refusal};

function say(answer: Answer): void {
  postMessage(answer);
}

addEventListener("message", ({data}: MessageEvent<Request>) => {
  void answer(data).catch((error: unknown) =>
    say({kind: "refused", refusal: refusalOf(error)}),
  );
});

async function answer(request: Request): Promise<void> {
  const linked = await linkKernel(request);
  const value =
    request.kind === "explore" ? exploreRace(request, linked) : replay(request, linked);
  say({kind: "answered", value});
}

function findRace(name: string) {
  const race = raceNamed(name);
  if (!race) throw new UserError(`there is no race "${name}": the cell "races" lists them`);
  return race;
}

/** Often enough for a number that somebody reads. */
const PROGRESS_SECONDS = 0.1;

function exploreRace(
  {race: name, set}: Request & {kind: "explore"},
  linked: LinkedKernel,
): Report {
  const race = findRace(name);
  const parameters = setParameters(race, set);
  let told = 0;
  const onProgress = (progress: Progress): boolean => {
    if (progress.seconds - told > PROGRESS_SECONDS) {
      told = progress.seconds;
      say({kind: "progress", progress});
    }
    return true;
  };
  return explore(() => assemble(race, linked, parameters), defaultsOf(race), {onProgress});
}

function replay(
  {schedule: text, running}: Request & {kind: "replay"},
  linked: LinkedKernel,
): Trace {
  const schedule = parseSchedule(text);
  if (!schedule) throw new UserError(`"${text}" is no schedule: was it cut off?`);
  const race = findRace(schedule.race);
  const parameters = setParameters(race, schedule.parameters);
  const program = assemble(race, linked, parameters);
  const trace = execute(program, schedule.threads, defaultsOf(race), running);
  return program.code === schedule.code ? trace : onOtherCode(trace);
}
