// A sequence as somebody writes it down: an operation a line, as evidence/SCHEMA.md has them.
//
//     mmap 0 512
//     madv_hugepage 0 512
//     write 0 1              the parent does it, if nobody else is said to
//     child1: fork
//     child1: write 4 1

import {UserError} from "../livepatch/index.ts";
import {OPERATION_NAMES} from "./operation_names.ts";
import {PROCESSES, type Op, type ProcessName} from "./trace.ts";

/** More would be no sequence for anybody to read. */
const MOST_OPERATIONS = 200;

/** Throws a UserError that names the line. What stands behind a `#` is a remark. */
export function parseSequence(text: string): Op[] {
  const lines = text.split("\n").map((line) => line.replace(/#.*/, "").trim());
  const ops = lines.flatMap((line, i) => (line === "" ? [] : [parseLine(line, i + 1)]));
  if (ops.length > MOST_OPERATIONS)
    throw new UserError(
      `a sequence has at most ${MOST_OPERATIONS} operations, and this one has ${ops.length}`,
    );
  checkProcesses(ops);
  return ops;
}

const LINE = /^(?:(\w+):\s*)?(\w+)((?:\s+\d+){0,3})$/;

function parseLine(line: string, number: number): Op {
  const [, proc = "parent", name, numbers] = LINE.exec(line) ?? [];
  if (name === undefined || numbers === undefined)
    throw new UserError(
      `line ${number}, "${line}", is no operation: it is a name and up to three numbers, as in "child1: write 4 1"`,
    );
  if (!isProcess(proc))
    throw new UserError(
      `line ${number}: there is no process ${proc}: they are ${PROCESSES.join(", ")}`,
    );
  if (!OPERATION_NAMES.includes(name))
    throw new UserError(
      `line ${number}: there is no operation ${name}: they are ${OPERATION_NAMES.join(", ")}`,
    );
  const [a = 0, b = 0, c = 0] = numbers.trim().split(/\s+/).map(Number);
  return {proc, name, a, b, c};
}

function isProcess(name: string): name is ProcessName {
  return (PROCESSES as readonly string[]).includes(name);
}

/** Who has not been forked, or has ended, can do nothing. */
function checkProcesses(ops: readonly Op[]): void {
  const alive = new Set<ProcessName>(["parent"]);
  for (const {proc, name} of ops) {
    if (name === "fork" ? alive.has(proc) : !alive.has(proc))
      throw new UserError(
        name === "fork"
          ? `${proc} is there already: it can be forked again when it has ended`
          : `${proc} is not there: is "${proc}: fork" missing before ${name}?`,
      );
    if (name === "fork") alive.add(proc);
    if (name === "exit") alive.delete(proc);
  }
}

/** As it is written. */
export function operationText({proc, name, a, b, c}: Op): string {
  const numbers = c !== 0 ? [a, b, c] : b !== 0 || a !== 0 ? [a, b] : [];
  const who = proc === "parent" ? "" : `${proc}: `;
  return `${who}${[name, ...numbers].join(" ")}`;
}
