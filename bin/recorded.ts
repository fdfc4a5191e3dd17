// `tailpage recorded FILE...`: sequences of operations that were recorded on a real kernel, run on the model and compared.

import {readFileSync, statSync} from "node:fs";
import {parseArgs} from "node:util";
import {closest} from "fastest-levenshtein";
import {
  bootChecked,
  bootWith,
  machineOfTraces,
  OPERATION_NAMES,
  readTraces,
  runTraces,
  sumOf,
  TraceError,
  unknownOperation,
  type At,
  type Boot,
  type Comparison,
  type TraceFile,
} from "../src/recorded/index.ts";
import {CliError} from "./errors.ts";
import {showCount} from "./progress.ts";
import {describeComparison, describeDetails} from "./recorded-text.ts";
import {linkKernel} from "./subjects.ts";

export const RECORDED_HELP = `tailpage recorded FILE... [options]

Runs each sequence of operations in these files (evidence/traces-*.json) on a machine of the model, and compares what /proc says there
after each operation with what a real kernel said. Left out is what the recording calls unstable, and what the model does not claim
(src/recorded/claims.ts). Steps count from 0.

  --invariants         looks after each operation whether everything is true that has to be, whatever was done: references are mappings, pins
                       and caches, nothing is freed while it is used, what is read is what was written (src/recorded/invariants)
  --sequence NAME      this sequence only, and all that differs in it; may be repeated
  --livepatch NAME     a fix of the book or a file, linked in; may be repeated
  --json               one JSON object on standard output

Exit code: 0 all agree, 1 some do not, 2 the command or a file was wrong.`;

export async function runRecorded(args: string[]): Promise<number> {
  const {values, positionals: paths} = parseArgs({
    args,
    allowPositionals: true,
    options: {
      sequence: {type: "string", multiple: true, default: []},
      livepatch: {type: "string", multiple: true, default: []},
      invariants: {type: "boolean", default: false},
      json: {type: "boolean", default: false},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) return print(RECORDED_HELP, 0);
  if (paths.length === 0)
    throw new CliError("name the files that were recorded: evidence/traces-5.14.2-public.json");
  const files = paths.map((path) => ({path, traces: readFile(path)}));
  checkNames(files, values.sequence);
  const linked = await linkKernel(values.livepatch);
  const machines = values.invariants ? bootChecked : bootWith;
  const compared = files.map((file) => {
    const boot = machines(linked, machineOfTraces(file.traces));
    return {...file, comparison: run(file, boot, values)};
  });
  const sum = sumOf(compared.map(({comparison}) => comparison));
  const text = values.json
    ? JSON.stringify(paths.length > 1 ? sumOf(compared.map(saidOf)) : sum, null, 2)
    : [
        ...compared.map((file) => describeDetails(file, values.sequence.length > 0)),
        describeComparison(sum),
      ].join("\n");
  return print(text, sum.agreed === sum.sequences ? 0 : 1);
}

export type Recorded = {readonly path: string; readonly traces: TraceFile};

/** Sequences of several files have the same names. */
function saidOf({path, comparison}: Recorded & {readonly comparison: Comparison}): Comparison {
  const inFile = <T extends At>(at: T) => ({file: path, ...at});
  return {
    ...comparison,
    unsupported: comparison.unsupported.map(inFile),
    disagreements: comparison.disagreements.map(inFile),
  };
}

type Chosen = {readonly sequence: readonly string[]};

function run({traces}: Recorded, boot: Boot, {sequence: only}: Chosen): Comparison {
  const all = only.length || traces.sequences.length;
  const onSequence = (done: number) => showCount(done, all, "sequences");
  // Whoever looks at some sequences wants to know where in the model it was.
  const onCrash = only.length > 0 ? tellCrash : () => {};
  const comparison = runTraces(traces, boot, {only, onSequence, onCrash});
  showCount(all, all, "sequences");
  return comparison;
}

function tellCrash(error: unknown, {sequence, step}: At): void {
  const stack = error instanceof Error ? error.stack : String(error);
  console.error(`${sequence}, step ${step}: ${stack}`);
}

/** Far more than anybody has recorded. */
const MOST_BYTES = 64 * 2 ** 20;

function readFile(path: string): TraceFile {
  const traces = parse(path, readText(path));
  const unknown = unknownOperation(traces);
  if (unknown === null) return traces;
  const {sequence, step, op} = unknown;
  throw new CliError(
    `${path}: ${sequence}, step ${step}: there is no operation "${op}": did you mean ${closest(op, OPERATION_NAMES)}? (evidence/SCHEMA.md has them all)`,
  );
}

function readText(path: string): string {
  const found = statSync(path, {throwIfNoEntry: false});
  if (!found)
    throw new CliError(`there is no file ${path}: recordings are evidence/traces-*.json`);
  if (!found.isFile())
    throw new CliError(`${path} is no file: name those in it that were recorded`);
  if (found.size > MOST_BYTES)
    throw new CliError(`${path} is too large for a recording: ${found.size} bytes`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function parse(path: string, text: string): TraceFile {
  try {
    return readTraces(text);
  } catch (error) {
    if (error instanceof TraceError) throw new CliError(`${path}: ${error.message}`);
    throw error;
  }
}

function checkNames(files: readonly Recorded[], wanted: readonly string[]): void {
  const names = files.flatMap(({traces}) => traces.sequences.map(({name}) => name));
  const stray = wanted.find((name) => !names.includes(name));
  if (stray === undefined) return;
  throw new CliError(
    `--sequence ${stray}: there is none of that name: did you mean ${closest(stray, names)}?`,
  );
}

function print(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}
