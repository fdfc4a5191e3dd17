// `tailpage merge FILE...`: what the parts of a search say together.

import {parseArgs} from "node:util";
import {merge, whyNotMerged} from "../src/explore/index.ts";
import {describeReport} from "./describe.ts";
import {CliError} from "./errors.ts";
import {exitCode} from "./explore.ts";
import {findRace} from "./find-race.ts";
import {isOfGrading, readResults} from "./grade-results.ts";
import {readReport} from "./report-file.ts";

export const MERGE_HELP = `tailpage merge FILE... [options]

Joins the files that tailpage explore --shard 1/N to --shard N/N has written, all N of them: the same verdict, findings and
outcomes as of one run. Counts and time are sums, and since parts overlap larger than those of one run.

Or joins what tailpage grade --shard 1/N --json to N/N have printed into files: prints it as grade --json does.

  --json               one JSON object on standard output, as explore prints it

Exit code: 0 it holds, 1 a finding, 2 the command or a file was wrong, 3 no verdict within the budget of some part.`;

export async function runMerge(args: string[]): Promise<number> {
  const {values, positionals: files} = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: {type: "boolean", default: false},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) {
    process.stdout.write(`${MERGE_HELP}\n`);
    return 0;
  }
  if (files.length === 0)
    throw new CliError("name the files that explore --shard wrote, one of each part");
  if (isOfGrading(files[0])) return mergeGradings(files);
  const reports = files.map(readReport);
  const reason = whyNotMerged(reports, files);
  if (reason !== null) throw new CliError(reason);

  const report = merge(reports);
  const file = (await findRace(report.race)) ? null : "FILE.ts";
  if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else process.stdout.write(`${describeReport(report, {file, parts: files.length})}\n`);
  return exitCode(report);
}

/** Also the parts of a grading; what judges is only loaded for them. */
async function mergeGradings(files: readonly string[]): Promise<number> {
  const {mergeResults} = await import("../src/grade/index.ts");
  const results = mergeResults(files.map((name) => ({name, results: readResults(name)})));
  process.stdout.write(`${JSON.stringify({results}, null, 2)}\n`);
  return 0;
}
