// Explores and replays, away from the page. One question, one answer, and progress in between.

import {sources} from "virtual:kernel-source";
import {fixNamed} from "../src/fixes/index.ts";
import {
  execute,
  explore,
  parseSchedule,
  type Report,
  type Trace,
} from "../src/explore/index.ts";
import {link, UserError, type LinkedKernel, type Livepatch} from "../src/livepatch/index.ts";
import {assemble, defaultsOf, raceNamed, setParameters} from "../src/races/index.ts";

export type Request = (
  | {
      readonly kind: "explore";
      readonly race: string;
      readonly set: Readonly<Record<string, string | number>>;
    }
  | {readonly kind: "replay"; readonly schedule: string}
) & {
  /** Names of fixes. */
  readonly livepatches: readonly string[];
  /** The reader's own. */
  readonly edits: readonly Livepatch[];
};

export type Answer =
  | {readonly kind: "progress"; readonly states: number}
  | {readonly kind: "answered"; readonly value: Report | Trace}
  | {
      readonly kind: "refused";
      readonly refusal: {
        readonly message: string;
        readonly line?: number;
        readonly name?: string;
      };
    };

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

/** Only a kernel with livepatches needs the parsers that check them. */
async function linkKernel({livepatches, edits}: Request): Promise<LinkedKernel> {
  const all = [...livepatches.map(findFix), ...edits];
  if (all.length === 0) return link(sources);
  const {prepare} = await import("../src/livepatch/prepare.ts");
  return link(sources, prepare(sources, all));
}

function findFix(name: string): Livepatch {
  const fix = fixNamed(name);
  if (!fix)
    throw new UserError(`there is no fix "${name}": is it spelt as in the table of fixes?`);
  return fix;
}

function findRace(name: string) {
  const race = raceNamed(name);
  if (!race) throw new UserError(`there is no race "${name}": the cell "races" lists them`);
  return race;
}

function exploreRace(
  {race: name, set}: Request & {kind: "explore"},
  linked: LinkedKernel,
): Report {
  const race = findRace(name);
  const parameters = setParameters(race, set);
  const onProgress = ({states}: {states: number}): boolean => {
    say({kind: "progress", states});
    return true;
  };
  return explore(() => assemble(race, linked, parameters), defaultsOf(race), {onProgress});
}

function replay({schedule: text}: Request & {kind: "replay"}, linked: LinkedKernel): Trace {
  const schedule = parseSchedule(text);
  if (!schedule) throw new UserError(`"${text}" is no schedule: was it cut off?`);
  const race = findRace(schedule.race);
  const parameters = setParameters(race, schedule.parameters);
  const program = assemble(race, linked, parameters);
  const trace = execute(program, schedule.threads, defaultsOf(race));
  if (program.code === schedule.code) return trace;
  const held = trace.warning ?? "all its steps could be made, but need not mean the same";
  return {...trace, warning: `this schedule was recorded on other code: ${held}`};
}

function refusalOf(error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof UserError)) return {message};
  const {line, where} = error;
  return {
    message,
    ...(line === undefined ? {} : {line}),
    ...(where === undefined ? {} : {name: where}),
  };
}
