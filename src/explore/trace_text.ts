// A step in words, and where it stands in the source.

import {
  cell_name,
  is_on_bit,
  type Cell,
  type MemoryOperation,
  type StepOperation,
} from "../sim/index.ts";
import type {Program} from "./program.ts";
import type {Place} from "./trace.ts";

/** One line for a step that was just made: memory is as the step has left it. */
export function sayStep(
  program: Program,
  operation: StepOperation,
  observed: number,
  changed: boolean,
): string {
  if (!("cell" in operation)) return operation.kind;
  const {act, answer, kind, cell} = operation;
  const name = cell_name(cell);
  if (act === "load" && answer === "bit") {
    return `${kind}(${bitName(program, operation)}, ${name}) -> ${observed}`;
  }
  if (act === "load") return `${name} -> ${program.print(cell, observed)}`;
  if (act === "wait_bit") return `${kind}(${bitName(program, operation)}, ${name})`;
  if (act.includes("lock")) {
    return answer === "success" ? `${kind}(${name}) -> ${observed === 1}` : `${kind}(${name})`;
  }
  const now = `${name} = ${program.print(cell, program.machine.memory.read(cell))}`;
  if (act === "store") return now;
  const done = `${kind}: ${changed ? now : `${name} unchanged`}`;
  return answer === "nothing" ? done : `${done} -> ${sayAnswer(program, operation, observed)}`;
}

export function sayReached(cell: Cell): string {
  return `the store to ${cell_name(cell)} reaches memory`;
}

/** What the thread learnt from a step, as text; null where nothing was, or nothing that could have been otherwise. */
export function sayLearnt(
  program: Program,
  operation: StepOperation,
  observed: number,
): string | null {
  if (!("cell" in operation) || operation.answer === "nothing") return null;
  const {act, answer, cell} = operation;
  if (act === "load" && answer !== "bit") return program.print(cell, observed);
  return sayAnswer(program, operation, observed);
}

/** A step that has not been made yet. */
export function sayPending(program: Program, operation: StepOperation): string {
  if (!("cell" in operation)) return operation.kind;
  const name = cell_name(operation.cell);
  const isBit = is_on_bit(operation);
  return `${operation.kind}(${isBit ? `${bitName(program, operation)}, ` : ""}${name})`;
}

/** A flag has a name; any other bit has a number. */
function bitName(program: Program, {cell, operand}: MemoryOperation): string {
  return cell.type === "flags" ? program.print(cell, 1 << operand) : String(operand);
}

/** A value is printed as memory prints it; a yes or no, and a bit, are what they are. */
function sayAnswer(
  program: Program,
  {answer, cell}: MemoryOperation,
  observed: number,
): string {
  if (answer === "old" || answer === "new") return program.print(cell, observed);
  const isYesOrNo = answer === "success" || answer === "is_zero" || answer === "is_negative";
  return String(isYesOrNo ? observed === 1 : observed);
}

/** One line of a stack, as V8 and as Firefox write it: the function, and the line in the linked code. */
const STACK_LINE = /(?:at )?([\w$*]+)(?: \[as \w+\])?(?: \(|@).*?:(\d+):\d+\)?$/;

/** The lines of a stack that belong to the threads' code, innermost first. */
export function placesOf(program: Program, stack = ""): Place[] {
  return stack.split("\n").flatMap((line) => {
    const match = line.includes("tailpage-kernel") ? STACK_LINE.exec(line.trim()) : null;
    const place = match && program.place(Number(match[2]));
    if (!place || place.file.startsWith("src/sim/")) return [];
    return [{function: match[1].replace(/^\w*\*/, ""), ...place}];
  });
}
