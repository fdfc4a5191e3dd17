// A race that a cell has written. A worker could not see the cell's functions, so it is explored and replayed here, on the
// page's thread.

import {GUARD} from "../src/book/guard.ts";
import {
  executing,
  exploring,
  parseSchedule,
  recorded,
  type Program,
  type Report,
  type Running,
  type Trace,
} from "../src/explore/index.ts";
import {hash} from "../src/livepatch/hash.ts";
import {UserError} from "../src/livepatch/index.ts";
import {
  assemble,
  defaultsOf,
  OwnLines,
  raceOfOnesOwn,
  RaceError,
  setParameters,
  withOwnCode,
  type Linked,
  type OwnRace,
  type Race,
} from "../src/races/index.ts";
import {withCellLines} from "./cell-lines.ts";
import type {ExploreOptions, KernelEdit, RunOptions} from "./kernel.ts";
import {linkKernel, type Patched} from "./linking.ts";
import {memoryModelOf} from "./memory-model.ts";
import {onOtherCode} from "./other-code.ts";
import {refusalOf} from "./refusal.ts";
import {inOrder} from "./run-in-order.ts";
import {breathe, inSlices, turn} from "./slices.ts";

type Own = {readonly race: Race; readonly linked: Linked};

export async function exploreOwn(
  definition: OwnRace,
  {set = {}, livepatches = [], memoryModel: model, onProgress, signal}: ExploreOptions,
  edits: readonly KernelEdit[],
): Promise<Report> {
  return saying(async () => {
    const {race, linked} = await own(definition, livepatches, edits);
    const parameters = setParameters(race, set);
    // The first is made here, in a task of its own: the engine has not seen most of what stages it.
    let first: Program | null = assemble(race, linked, parameters);
    const fresh = (): Program => {
      const program = first ?? assemble(race, linked, parameters);
      first = null;
      return program;
    };
    // Nothing is measured, and each outcome has its schedule.
    const options = {memoryModel: memoryModelOf(model), measures: []};
    return inSlices(exploring(fresh, defaultsOf(race), options), onProgress, signal);
  });
}

export async function runOwn(
  definition: OwnRace,
  {set = {}, livepatches = [], order = [], places = true}: RunOptions,
  edits: readonly KernelEdit[],
): Promise<Trace> {
  return saying(async () => {
    const {race, linked} = await own(definition, livepatches, edits);
    const program = assemble(race, linked, setParameters(race, set));
    const running = inOrder(program, order, places);
    return inSlices(executing(program, [], defaultsOf(race), running));
  });
}

export async function replayOwn(
  definition: OwnRace,
  text: string,
  {livepatches, edits}: Patched,
  running: Running,
): Promise<Trace> {
  return saying(async () => {
    const schedule = parseSchedule(text);
    if (!schedule) throw new UserError(`"${text}" is no schedule: was it cut off?`);
    const {race, linked} = await own(definition, livepatches, edits);
    if (schedule.race !== race.name)
      throw new UserError(
        `the schedule is one of ${schedule.race}, and this race is ${race.name}`,
      );
    const assembled = assemble(race, linked, setParameters(race, schedule.parameters));
    const program = recorded(assembled, schedule);
    const run = executing(program, schedule.threads, defaultsOf(race), running);
    const trace = await inSlices(run);
    return program.code === schedule.code ? trace : onOtherCode(trace);
  });
}

async function own(
  definition: OwnRace,
  livepatches: readonly string[],
  edits: readonly KernelEdit[],
): Promise<Own> {
  const text = textOf(definition);
  const lines = new OwnLines();
  const race = raceOfOnesOwn(definition, {
    name: "own",
    text,
    stackOf: (stack) => withCellLines(stack, lines),
  });
  // Several cells come at the same time: to read a kernel is work, and so is to stage a race on it.
  await turn();
  const linked = withOwnCode(await linkKernel({livepatches, edits}), {
    hash: (kernel) => hash(`${kernel} ${text}`).slice(0, 8),
    place: (line) => lines.place(line),
  });
  // What is wrong with this kernel is said by the race that runs on it.
  await (rehearsal ??= rehearse(linked).catch(() => (rehearsal = undefined)));
  await turn();
  return {race, linked};
}

/** The engine reads the kernel when the first machine is made, and what is around a race with the first race: these have tasks of their own. */
async function rehearse(linked: Linked): Promise<void> {
  await breathe();
  linked.boot(NO_RACE.machine({}));
  await breathe();
  assemble(NO_RACE, linked, {});
}

let rehearsal: Promise<unknown> | undefined;

const NO_RACE = raceOfOnesOwn(
  {about: "nothing", stage: () => ({threads: [{name: "nobody", *run() {}}]})},
  {name: "none", text: ""},
);

/** What its schedules are hashed with: all of its functions, without what the page has put into them. */
function textOf(value: unknown): string {
  if (typeof value === "function")
    return String(value).replaceAll(new RegExp(`;?${GUARD}\\([^)]*\\);?`, "g"), "");
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  return Object.entries(value)
    .map(([key, part]) => `${key}: ${textOf(part)}`)
    .join(" ");
}

/** The mistakes of a race are said as they are: their stacks name lines of its cell. Those of the kernel name its functions. */
async function saying<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof RaceError ? error : refusalOf(error);
  }
}
