// `tailpage compare`: every fix on every race, measured. Races are explored several at a time.

import {readFileSync, writeFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {sources} from "virtual:kernel-source";
import {
  cellsOf,
  Comparing,
  comparisonOf,
  NOTHING,
  pack,
  tableText,
  type Comparison,
  type Verdict,
} from "../src/compare/index.ts";
import {fixes} from "../src/fixes/index.ts";
import type {Livepatch} from "../src/livepatch/index.ts";
import {runCosts} from "./costs.ts";
import {CliError} from "./errors.ts";
import {runObserved} from "./observed.ts";
import {print} from "./print.ts";
import {showCount} from "./progress.ts";
import {allProcessors, readWorkers} from "./read-workers.ts";
import {inWorkers, takeTasks, type Order} from "./task-workers.ts";

export const COMPARE_HELP = `tailpage compare [options]

Holds every fix of the book against every race where it applies, by exploring all schedules: what can go wrong, what is
printed, what it costs. Each yes has its shortest schedule, each no says what was looked at.

  --observed           instead: what readers of real kernels saw of a split, and the schedule that shows it here
  --costs              instead: accesses, atomics and cache lines of reading smaps while nobody splits
  --livepatch FILE     a fix of one's own, beside those of the book; may be repeated
  --workers N          explorations at the same time (as many as there are processors)
  --json               one JSON object on standard output
  --out FILE           also writes it to FILE, packed, as the book reads it

Exit code: 0 all were explored to the end, 2 the command was wrong, 3 some were not.`;

/** What a worker is told. */
export type CompareOrder = Order & {readonly compare: readonly Livepatch[]};

export async function runCompare(args: string[]): Promise<number> {
  const {values} = parseArgs({
    args,
    options: {
      livepatch: {type: "string", multiple: true, default: []},
      workers: {type: "string", default: allProcessors()},
      out: {type: "string"},
      json: {type: "boolean", default: false},
      costs: {type: "boolean", default: false},
      observed: {type: "boolean", default: false},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) return print(COMPARE_HELP);
  if (values.observed) return runObserved(values.json);
  const compared = [...fixes, ...values.livepatch.map(readFix)];
  if (values.costs) return runCosts(compared, values);
  const comparison = await compare(compared, readWorkers(values.workers));
  if (values.out !== undefined)
    writeFileSync(values.out, `${JSON.stringify(pack(comparison))}\n`);
  print(
    values.json ? JSON.stringify(cellsOf(comparison), null, 1) : tableText(comparison, command),
  );
  return comparison.every(({verdict}) => verdict.complete) ? 0 : 3;
}

function readFix(path: string): Livepatch {
  try {
    return {name: path, text: readFileSync(path, "utf8")};
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function command(schedule: string, fix: string): string {
  return `tailpage replay ${schedule}${fix === NOTHING ? "" : ` --livepatch ${fix}`}`;
}

async function compare(compared: readonly Livepatch[], workers: number): Promise<Comparison> {
  // Also a check: what is wrong with somebody's own fix is said here, and once.
  const plan = new Comparing(sources, compared).plan();
  const order = {compare: compared};
  const {length} = plan.tasks;
  const verdicts = await inWorkers<Verdict>(order, length, workers, (done) =>
    showCount(done, length, "explored"),
  );
  return comparisonOf(plan, verdicts);
}

/** In a worker. */
export function runCompareWorker({compare: compared, ...order}: CompareOrder): void {
  const comparing = new Comparing(sources, compared);
  const {tasks} = comparing.plan();
  takeTasks(order, tasks.length, (i) => comparing.explore(tasks[i]));
}
