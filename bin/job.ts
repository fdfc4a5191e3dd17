// What is to be explored, as it was typed.

import {parseArgs} from "node:util";
import {
  explore,
  MEMORY_MODELS,
  strategies,
  whyNotUnder,
  whyUndivided,
  type ExploreOptions,
  type MemoryModel,
  type PartNumber,
  type Progress,
  type Report,
  type StrategyName,
} from "../src/explore/index.ts";
import {assemble, defaultsOf} from "../src/races/index.ts";
import {CliError} from "./errors.ts";
import {orRefuse} from "./own-race.ts";
import {nameOfPart} from "./report-file.ts";
import {readWorkers} from "./read-workers.ts";
import {findSubject, linkKernel, readParameters} from "./subjects.ts";

export type Job = {
  readonly file: string | null;
  readonly note: string | null;
  readonly options: ExploreOptions;
  readonly json: boolean;
  readonly workers: number;
  /** Where what a part found is written to. */
  readonly out: string | null;
  explore(more: ExploreOptions & {onProgress(progress: Progress): boolean}): Report;
};

export type Typed = ReturnType<typeof parse>;

export function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      set: {type: "string", multiple: true, default: []},
      livepatch: {type: "string", multiple: true, default: []},
      strategy: {type: "string", default: "stateful"},
      memory: {type: "string", default: "sc"},
      check: {type: "string", multiple: true, default: []},
      runs: {type: "string"},
      seed: {type: "string"},
      depth: {type: "string"},
      "max-states": {type: "string"},
      "max-seconds": {type: "string"},
      "max-memory": {type: "string"},
      workers: {type: "string"},
      shard: {type: "string"},
      out: {type: "string"},
      json: {type: "boolean", default: false},
      help: {type: "boolean", default: false},
    },
  });
}

export async function readJob({values, positionals}: Typed): Promise<Job> {
  if (positionals.length !== 1)
    throw new CliError("name one race: tailpage explore smaps_vs_split, or a file's");
  const strategy = readStrategy(values.strategy);
  const checkRaces = readChecks(values.check);
  const shard = values.shard === undefined ? undefined : readShard(values.shard);
  const workers = values.workers === undefined ? 1 : readWorkers(values.workers);
  checkParts(strategy, {shard, workers, out: values.out});
  const memoryModel = readMemoryModel(values.memory);
  const reason = whyNotUnder(memoryModel, strategy, shard !== undefined || workers > 1);
  if (reason !== null) throw new CliError(reason);
  const options = {
    strategy,
    memoryModel,
    checkRaces,
    ...(shard && {shard}),
    ...limit("runs", "--runs", values.runs, WHOLE),
    ...limit("seed", "--seed", values.seed, WHOLE),
    ...limit("depth", "--depth", values.depth, {...WHOLE, most: MOST_DEPTH}),
    ...limit("maxStates", "--max-states", values["max-states"]),
    ...limit("maxSeconds", "--max-seconds", values["max-seconds"]),
    ...limit("maxMegabytes", "--max-memory", values["max-memory"]),
  };

  const {race, file, withCode} = await findSubject(positionals[0]);
  const parameters = readParameters(race, values.set);
  const linked = withCode(await linkKernel(values.livepatch));
  const fresh = () => assemble(race, linked, parameters);
  return {
    file,
    note: orRefuse(file, () => race.note(parameters)),
    options,
    json: values.json,
    workers,
    out: shard ? (values.out ?? nameOfPart(race.name, shard)) : null,
    explore: (more) =>
      orRefuse(file, () => explore(fresh, defaultsOf(race), {...options, ...more})),
  };
}

function readStrategy(name: string): StrategyName {
  if (Object.hasOwn(strategies, name)) return name as StrategyName;
  const names = Object.keys(strategies).join(", ");
  throw new CliError(`there is no strategy "${name}": it is one of ${names}`);
}

function readMemoryModel(name: string): MemoryModel {
  const model = MEMORY_MODELS.find((one) => one === name);
  if (model) return model;
  throw new CliError(`--memory ${name}: it is one of ${MEMORY_MODELS.join(", ")}`);
}

/** Whether data races are to be checked: that is all that can be asked for. */
function readChecks(names: readonly string[]): boolean {
  const unknown = names.find((name) => name !== "races");
  if (unknown === undefined) return names.length > 0;
  throw new CliError(`--check ${unknown}: what can be checked besides the rest is races`);
}

const MOST_PARTS = 1000;

export function readShard(text: string): PartNumber {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  if (!match) throw new CliError(`--shard ${text}: write it as --shard 1/4, the first of four`);
  const [index, of] = match.slice(1).map(Number);
  if (of > MOST_PARTS)
    throw new CliError(`--shard ${text}: a search is divided into ${MOST_PARTS} parts at most`);
  if (index >= 1 && index <= of) return {index, of};
  throw new CliError(
    `--shard ${text}: parts are counted from 1${of > 0 ? `, so it is one of 1/${of} to ${of}/${of}` : ""}`,
  );
}

function checkParts(
  strategy: StrategyName,
  {
    shard,
    workers,
    out,
  }: {shard: PartNumber | undefined; workers: number; out: string | undefined},
): void {
  if (shard && workers > 1)
    throw new CliError(
      "--shard and --workers: a part is not divided again; give each worker a shard of its own",
    );
  if (out !== undefined && !shard)
    throw new CliError(`--out ${out}: only a part is written to a file (is --shard missing?)`);
  const reason = shard || workers > 1 ? whyUndivided(strategy) : null;
  if (reason !== null) throw new CliError(reason);
}

type Kind = {readonly whole?: boolean; readonly most?: number};

const WHOLE: Kind = {whole: true, most: Number.MAX_SAFE_INTEGER};
/** More than any bug has been seen to need. */
const MOST_DEPTH = 1000;

function limit(
  key: string,
  option: string,
  text: string | undefined,
  {whole = false, most = Infinity}: Kind = {},
): Record<string, number> {
  if (text === undefined) return {};
  const value = Number(text);
  if (value > 0 && value <= most && (!whole || Number.isInteger(value))) return {[key]: value};
  const kind = whole ? "a whole number" : "a number";
  const range = value > most ? `from 1 to ${most}` : "above 0";
  throw new CliError(`${option} ${text}: it must be ${kind} ${range}`);
}
