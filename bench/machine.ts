// What was measured on, in words.

import {readFileSync} from "node:fs";
import {cpus, loadavg, totalmem, type} from "node:os";
import {__version as fastCheckVersion} from "fast-check";
import {run} from "./child.ts";
import type {Machine} from "./results.ts";
import {spinVersion} from "./spin.ts";

export function describeMachine(withSpin: boolean): Machine {
  const [{model}] = cpus();
  return {
    processor: model.trim(),
    cores: cpus().length,
    load: loadavg()[0],
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: systemName(),
    node: process.versions.node,
    fastCheck: fastCheckVersion,
    spin: withSpin ? spinVersion() : null,
    gcc: withSpin ? `gcc ${run("gcc", ["-dumpfullversion"]).stdout.trim()}` : null,
  };
}

/** As a Linux distribution calls itself. */
function systemName(): string {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? type();
  } catch {
    return type();
  }
}
