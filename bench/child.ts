// A process, run to its end: how long it took, and the most memory it had.

import {spawnSync} from "node:child_process";
import {existsSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

export type Run = {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly wallMs: number;
  /** Null where nobody could measure it. */
  readonly peakKb: number | null;
};

/** Debian's package `time`: the shell's own knows nothing of memory. */
const TIME = "/usr/bin/time";

export const measuresMemory = existsSync(TIME);

export function run(command: string, args: readonly string[], folder = "."): Run {
  const note = join(tmpdir(), `tailpage-bench-${process.pid}`);
  const [file, ...rest] = measuresMemory
    ? [TIME, "--quiet", "--format=%M", `--output=${note}`, command, ...args]
    : [command, ...args];
  const started = performance.now();
  const {status, stdout, stderr, error} = spawnSync(file, rest, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const wallMs = performance.now() - started;
  if (error) throw new Error(`${command} could not be run: ${error.message}`);
  return {status, stdout, stderr, wallMs, peakKb: measuresMemory ? readPeak(note) : null};
}

function readPeak(note: string): number {
  const text = readFileSync(note, "utf8");
  rmSync(note);
  // Above it stands what became of a process that was ended by a signal.
  return Number(text.trim().split("\n").at(-1));
}

export function isInstalled(command: string): boolean {
  return spawnSync(command, ["--version"]).error === undefined;
}
