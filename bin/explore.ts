// `tailpage explore RACE`: every schedule of a race, and what goes wrong. The race is one of the book's, or from a file.

import {DEFAULTS, type Report} from "../src/explore/index.ts";
import {describeReport} from "./describe.ts";
import {parse, readJob, type Job} from "./job.ts";
import {print} from "./print.ts";
import {progressLine} from "./progress.ts";
import {checkPlace, writeReport} from "./report-file.ts";
import {exploreInWorkers} from "./workers.ts";

export const EXPLORE_HELP = `tailpage explore RACE or FILE.ts [options]

Explores every schedule of a race and says what can go wrong. FILE.ts exports a race of one's own (CONTRIBUTING.md has
the smallest); exploring it runs the file, with all that you may do: only for files you trust.

  --set NAME=VALUE     a parameter of the race (tailpage races lists them); may be repeated
  --livepatch NAME     a fix by name, or a TypeScript file that defines functions of the kernel again; may be repeated
  --strategy NAME      stateful (the default): every state; dpor: every trace once; or a sampler: pos, pct, random
  --memory MODEL       sc (the default): every access is there for all CPUs at once; tso: stores wait in a buffer of their
                       CPU, first in, first out (x86); pso: stores to different words may leave it in any order
  --check races        data races decide the verdict, too
  --runs N             schedules that a sampler draws (${DEFAULTS.runs})
  --seed N             what it draws from (${DEFAULTS.seed}): the same schedules for the same number
  --depth N            for pct: steps whose order makes the bug (${DEFAULTS.depth})
  --max-states N       give up after so many states
  --max-seconds N      give up after so many seconds
  --max-memory MB      give up when states take so much memory (${DEFAULTS.maxMegabytes})
  --workers N          explores N parts at once and joins them; parts overlap and may be uneven, so measure whether it pays
  --shard I/N          explores part I of N only and writes what it found to a file; tailpage merge joins the N files
  --out FILE           that file (RACE-I-of-N.json)
  --json               one JSON object on standard output

Exit code: 0 it holds, 1 a finding, 2 the command was wrong, 3 no verdict within the budget. Of a part 0 says that all of
it was covered and nothing found; whether the race holds only tailpage merge can say.`;

export async function runExplore(args: string[]): Promise<number> {
  const typed = parse(args);
  if (typed.values.help) return print(EXPLORE_HELP);
  const job = await readJob(typed);
  if (job.out !== null) checkPlace(job.out);
  if (job.note !== null && !job.json) print(`note: ${job.note}\n`);
  if (job.workers > 1) return inWorkers(job, args);

  const line = progressLine();
  const report = job.explore({
    onProgress(progress) {
      line.show(progress);
      return true;
    },
  });
  line.clear();
  return tell(job, report);
}

async function inWorkers(job: Job, args: readonly string[]): Promise<number> {
  return tell(job, await exploreInWorkers(job, args));
}

function tell({file, json, out, workers}: Job, report: Report): number {
  if (out !== null) writeReport(out, report);
  if (json) print(JSON.stringify(report, null, 2));
  else print(describeReport(report, {file, parts: workers}));
  if (out !== null && !json) print(`\nwritten to ${out}; tailpage merge joins the parts`);
  return exitCode(report);
}

export function exitCode({verdict, complete, shard}: Report): number {
  if (shard && complete && verdict === "unknown") return 0;
  return {holds: 0, violated: 1, unknown: 3}[verdict];
}
