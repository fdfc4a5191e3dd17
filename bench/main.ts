// `npm run bench`: the explorer, SPIN and fast-check on one scenario. Prints a page of figures and writes it.

import {writeFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {CliError} from "../bin/errors.ts";
import {measure} from "./measure.ts";
import {describe} from "./page.ts";
import {parts, type PartName} from "./parts.ts";
import {disagreements} from "./results.ts";

const HELP = `npm run bench -- [options]

Measures the explorer beside SPIN and fast-check, prints a page in Markdown and writes it.

  --rounds N    how often each is run, in turn (3)
  --seeds N     hunts for the BUG, one a seed (300)
  --out FILE    where the page is written (bench/results.md)

Exit code: 0 all verdicts agree, 1 they do not, 2 the command was wrong.`;

async function main(args: string[]): Promise<number> {
  try {
    return await bench(args);
  } catch (error) {
    if (!isTheirs(error)) throw error;
    console.error(`bench: ${error.message.split("\n")[0]}`);
    return 2;
  }
}

function isTheirs(error: unknown): error is Error {
  const code = (error as {code?: unknown}).code;
  return (
    error instanceof CliError || (typeof code === "string" && code.startsWith("ERR_PARSE_ARGS"))
  );
}

async function bench(args: string[]): Promise<number> {
  const {values} = parseArgs({
    args,
    options: {
      rounds: {type: "string", default: "3"},
      seeds: {type: "string", default: "300"},
      out: {type: "string", default: "bench/results.md"},
      part: {type: "string"},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) return say(HELP);
  const rounds = positive("--rounds", values.rounds);
  const seeds = positive("--seeds", values.seeds);
  if (values.part !== undefined)
    return say(JSON.stringify(await parts[values.part as PartName](seeds)));

  const results = measure(rounds, seeds);
  const wrong = disagreements(results);
  if (wrong.length > 0) {
    console.error(`the benchmark is worth nothing:\n${wrong.join("\n")}`);
    return 1;
  }
  const page = describe(results);
  writeFileSync(values.out, page);
  return say(page);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new CliError(`${option} ${text}: it must be a whole number above 0`);
}

function say(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
