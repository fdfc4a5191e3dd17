// A trace for a terminal: a column for each thread, a line for each step.

import {
  buffersAt,
  isBuffered,
  isDrain,
  type Step,
  type Trace,
  type TraceFinding,
} from "../src/explore/index.ts";

const WIDTH = 100;
const NUMBER = 5;

/** Lines of text: a number and a cell for each step, then what was found and what came out. */
export function columns(trace: Trace): string[] {
  const {threads, steps, findings, outcome} = trace;
  const width = Math.floor((WIDTH - NUMBER - 1) / threads.length);
  let shared = 0;
  const numbers = steps.map((step) => (step.shared ? String(++shared) : ""));
  const heading = threads.map(({name}) => name.padEnd(width)).join("");
  return [
    `${" ".repeat(NUMBER + 1)}${heading}`.trimEnd(),
    ...steps.flatMap((_, at) => linesOf(trace, at, numbers[at], width)),
    ...findings.flatMap((finding) => ["", ...sayFinding(finding)]),
    ...(outcome === null ? [] : ["", outcome]),
  ];
}

/** A step, in the column of its thread; before it the function, where that is another than before, and behind it what waits in a buffer. */
function linesOf(trace: Trace, at: number, number: string, width: number): string[] {
  const {steps} = trace;
  const {thread, text, places} = steps[at];
  const line = (part: string, before = ""): string => {
    const cell = part.slice(0, width - 1);
    return `${before.padStart(NUMBER)} ${" ".repeat(thread * width)}${cell}`.trimEnd();
  };
  const isElsewhere = at === 0 || whereOf(steps[at - 1]) !== whereOf(steps[at]);
  return [
    ...(isElsewhere && places[0] ? [line(`${places[0].function}()`)] : []),
    ...wrapped(text, width - 3).map((part, i) => line(`  ${part}`, i === 0 ? number : "")),
    ...wrapped(bufferBehind(trace, at), width - 5).map((part) => line(`    ${part}`)),
  ];
}

function whereOf({thread, places}: Step): string {
  return `${thread}${places[0]?.function ?? ""}`;
}

/** What waits in the buffer of a CPU, when that has just changed and changes no more for now; else nothing. */
function bufferBehind(trace: Trace, at: number): string {
  const {steps} = trace;
  const {thread} = steps[at];
  const changes = (step: Step): boolean =>
    step.thread === thread && (isBuffered(step) || isDrain(step));
  if (!changes(steps[at])) return "";
  const next = steps.find(({shared}, i) => i > at && shared);
  if (next && changes(next)) return "";
  const waiting = buffersAt(trace, at)[thread].map(({text}) => text);
  return `[its store buffer: ${waiting.join("; ") || "empty"}]`;
}

function sayFinding({message, function: inside, file, line, dump}: TraceFinding): string[] {
  const where = `${inside ? ` in ${inside}()` : ""}${file ? `, ${file}:${line}` : ""}`;
  return [`${message}${where}`, ...dump.map((word) => `  ${word}`)];
}

function wrapped(text: string, width: number): string[] {
  const parts = [];
  for (let rest = text; rest;) {
    const space = rest.length > width ? rest.lastIndexOf(" ", width) : -1;
    const end = rest.length <= width ? rest.length : space > 0 ? space : width;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return parts;
}
