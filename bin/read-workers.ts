// `--workers N`: how many explorations may go on at the same time.

import {availableParallelism} from "node:os";
import {CliError} from "./errors.ts";

const MOST_WORKERS = 64;

/** As many as there are processors. */
export function allProcessors(): string {
  return String(Math.min(availableParallelism(), MOST_WORKERS));
}

export function readWorkers(text: string): number {
  const workers = Number(text);
  if (Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS) return workers;
  throw new CliError(`--workers ${text}: it must be a whole number from 1 to ${MOST_WORKERS}`);
}
