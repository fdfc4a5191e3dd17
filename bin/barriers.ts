// `tailpage barriers`: each barrier of the kernel taken away, and what breaks without it. Races are explored several at a time.

import {writeFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {sources} from "virtual:kernel-source";
import {closest} from "fastest-levenshtein";
import {
  arenas,
  barriersOf,
  barriersText,
  baselineOf,
  breakOf,
  pairsOf,
  sitesOf,
  type Barriers,
  type Baseline,
  type Break,
  type Site,
} from "../src/barriers/index.ts";
import {CliError} from "./errors.ts";
import {print} from "./print.ts";
import {showCount} from "./progress.ts";
import {allProcessors, readWorkers} from "./read-workers.ts";
import {inWorkers, takeTasks, type Order} from "./task-workers.ts";

export const BARRIERS_HELP = `tailpage barriers [SITE...] [options]

Takes each barrier, release and fully ordered operation of src/mm away, and explores the races that reach it, on a machine
whose stores may pass each other (pso): what goes wrong then that does not with it, with a schedule, or nothing in any
schedule. Loads are made in order here, so nothing can show what orders those. All of it takes half an hour.

  SITE                 only these: page_ref_unfreeze/atomic_set_release
  --show               instead: the livepatch that takes it away, for "tailpage replay --livepatch FILE"
  --workers N          explorations at the same time (as many as there are processors)
  --json               one JSON object on standard output
  --out FILE           also writes it to FILE, as the book reads it

Exit code: 0 all were explored to the end, 2 the command was wrong, 3 some were not.`;

/** What a worker is told: which sites; and once it is known what goes wrong anyway, that. */
export type BarriersOrder = Order & {
  readonly barriers: readonly string[];
  readonly baselines: readonly Baseline[] | null;
};

export async function runBarriers(args: string[]): Promise<number> {
  const {values, positionals} = parseArgs({
    args,
    allowPositionals: true,
    options: {
      show: {type: "boolean", default: false},
      workers: {type: "string", default: allProcessors()},
      json: {type: "boolean", default: false},
      out: {type: "string"},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) return print(BARRIERS_HELP);
  const sites = readSites(positionals);
  if (values.show) return print(sites.map(({livepatch}) => livepatch.text).join("\n\n"));
  const barriers = await tryAll(sites, readWorkers(values.workers));
  if (values.out !== undefined) writeFileSync(values.out, dataText(barriers));
  print(values.json ? JSON.stringify(barriers, null, 1) : barriersText(barriers, command));
  const isThrough = ({complete}: {complete: boolean}): boolean => complete;
  const {races, rows} = barriers;
  return races.every(isThrough) && rows.every(({tried}) => tried.every(isThrough)) ? 0 : 3;
}

function readSites(wanted: readonly string[]): Site[] {
  const sites = sitesOf(sources);
  if (wanted.length === 0) return sites;
  return wanted.map((id) => {
    const site = sites.find((one) => one.id === id);
    if (site) return site;
    const ids = sites.map((one) => one.id);
    throw new CliError(
      `the kernel orders nothing at "${id}": did you mean ${closest(id, ids)}?`,
    );
  });
}

async function tryAll(sites: readonly Site[], workers: number): Promise<Barriers> {
  const barriers = sites.map(({id}) => id);
  const found = await inWorkers<Baseline>(
    {barriers, baselines: null},
    arenas().length,
    workers,
    (done) => showCount(done, arenas().length, "races explored as they are"),
  );
  const pairs = pairsOf(sites, found);
  const breaks = await inWorkers<Break>(
    {barriers, baselines: found},
    pairs.length,
    workers,
    (done) => showCount(done, pairs.length, "explored without a barrier"),
  );
  return barriersOf(sites, found, breaks);
}

/** In a worker. */
export function runBarriersWorker({barriers, baselines, ...order}: BarriersOrder): void {
  const all = arenas();
  if (!baselines) return takeTasks(order, all.length, (i) => baselineOf(sources, all[i]));
  const sites = readSites(barriers);
  const pairs = pairsOf(sites, baselines);
  takeTasks(order, pairs.length, (i) => {
    const {site, race} = pairs[i];
    return breakOf(sources, sites[site], all[race], baselines[race]);
  });
}

function command(schedule: string, site: string, fix: string | null): string {
  const fixed = fix === null ? "" : ` --livepatch ${fix}`;
  return `tailpage barriers ${site} --show > without.ts && tailpage replay '${schedule}'${fixed} --livepatch without.ts`;
}

/** One line for each site, so that a change can be read. */
function dataText({races, rows}: Barriers): string {
  const lines = (all: readonly unknown[]): string =>
    all.map((one) => `  ${JSON.stringify(one)}`).join(",\n");
  return `{\n "races": [\n${lines(races)}\n ],\n "rows": [\n${lines(rows)}\n ]\n}\n`;
}
