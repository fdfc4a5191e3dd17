// The statement of fidelity: made of a run of the recordings and of the model's own text, never typed. `docs/fidelity.md` is for whoever
// reads the repository, `src/recorded/fidelity.json` for the book.

import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {
  bootWith,
  fidelityOf,
  readTraces,
  type Statement,
  type TraceFile,
} from "../src/recorded/index.ts";
import {CliError} from "./errors.ts";
import {fidelityText} from "./fidelity-text.ts";
import {readFunctions} from "./kernel-functions.ts";
import {ROOT} from "./root.ts";
import {linkKernel} from "./subjects.ts";

export const FIDELITY_HELP = `tailpage fidelity [--check]

Runs the recordings of evidence/ on the model, and writes what came of it: docs/fidelity.md and src/recorded/fidelity.json.
"tailpage build" does so before it runs the cells.

  --check              writes nothing: exit code 1 if the files are not what a run gives`;

const OLDER = "evidence/traces-5.14.2-public.json";
const NEWER = "evidence/traces-6.18-public.json";

const TEXT = "docs/fidelity.md";
const DATA = "src/recorded/fidelity.json";

export async function runFidelity(args: string[]): Promise<number> {
  const {values} = parseArgs({
    args,
    options: {
      check: {type: "boolean", default: false},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) {
    process.stdout.write(`${FIDELITY_HELP}\n`);
    return 0;
  }
  const stale = staleFiles(ROOT, filesOf(await statement(ROOT)));
  if (!values.check) write(ROOT, stale);
  const paths = stale.map(({path}) => path).join(" and ");
  const said = values.check ? `not what a run gives: ${paths}` : `written: ${paths}`;
  process.stdout.write(
    `${stale.length > 0 ? said : `${TEXT} and ${DATA} are what a run gives`}\n`,
  );
  return values.check && stale.length > 0 ? 1 : 0;
}

/** For whoever builds the book. */
export async function writeFidelity(): Promise<void> {
  write(ROOT, staleFiles(ROOT, filesOf(await statement(ROOT))));
}

export async function statement(root: string): Promise<Statement> {
  const boot = bootWith(await linkKernel([]));
  const fidelity = fidelityOf(read(root, OLDER), read(root, NEWER), boot);
  return {...fidelity, functions: readFunctions(root)};
}

export type Written = {readonly path: string; readonly text: string};

export function filesOf(statement: Statement): Written[] {
  return [
    {path: TEXT, text: fidelityText(statement)},
    {path: DATA, text: dataText(statement)},
  ];
}

/** One line for each row of the table, so that a change can be read. */
function dataText({functions, ...fidelity}: Statement): string {
  const rows = functions.map((row) => `    ${JSON.stringify(row)}`).join(",\n");
  const rest = JSON.stringify(fidelity, null, 1).replace(/\n}$/, "");
  return `${rest},\n "functions": [\n${rows}\n ]\n}\n`;
}

export function staleFiles(root: string, files: readonly Written[]): Written[] {
  return files.filter(({path, text}) => textOf(join(root, path)) !== text);
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function write(root: string, files: readonly Written[]): void {
  for (const {path, text} of files) writeFileSync(join(root, path), text);
}

function read(root: string, path: string): TraceFile {
  try {
    return readTraces(readFileSync(join(root, path), "utf8"));
  } catch (error) {
    throw new CliError(`${path}: ${(error as Error).message}`);
  }
}
