// What a look at a machine says, in words: for the page's drawings, and where the book is checked without a page.

import type {EntryRun, PageRun, SequenceRun, SequenceStep} from "../src/recorded/index.ts";

export type LookOptions = {
  /** After which operation, from 0; the last, if it is not given. */
  readonly at?: number;
  /** The parent, if it is not given. */
  readonly process?: string;
};

/** A look at one process after one operation. Null if there is no such process then. */
export function chosen(run: SequenceRun, {at, process = "parent"}: LookOptions) {
  const step = stepAt(run, at);
  const looks = step?.processes as Readonly<
    Record<string, SequenceStep["processes"]["parent"]>
  >;
  const before = at === 0 ? undefined : stepAt(run, (at ?? run.steps.length - 1) - 1);
  const known = step ? (looks[process] ?? null) : null;
  return {step, look: known, before: before?.processes[process as "parent"] ?? null};
}

function stepAt({steps}: SequenceRun, at = steps.length - 1): SequenceStep | undefined {
  return steps[Math.max(0, Math.min(Math.round(at), steps.length - 1))];
}

export function entryPages({from, n}: EntryRun): string {
  return span(from, n);
}

export function entryTarget({kind, frame, n}: EntryRun): string {
  switch (kind) {
    case "swap":
      return `slot ${span(frame, n)}`;
    case "zero":
      return "the zero page";
    case "huge zero":
      return "the huge zero page";
    default:
      return `page[${span(frame, n)}]`;
  }
}

export function pageName({frame, n}: PageRun): string {
  return `page[${span(frame, n)}]`;
}

/** How often it is mapped: by PTEs, and, of a head, as a whole. */
export function pageMapcounts({mapcount, compound_mapcount: whole}: PageRun): string {
  return whole === null ? String(mapcount) : `${mapcount}, whole ${whole}`;
}

function span(from: number, n: number): string {
  return n === 1 ? String(from) : `${from}..${from + n - 1}`;
}

/** What an operation has answered, if that is not a plain 0. */
export function answerText({ret, err}: SequenceStep): string {
  return ret < 0 || err !== "0" ? err : ret > 0 ? String(ret) : "";
}

export function vmstatText({vmstat}: SequenceStep): string {
  return Object.entries(vmstat)
    .map(([name, by]) => `${name} ${by > 0 ? "+" : ""}${by}`)
    .join(", ");
}

// Without a page

export function smapsText(run: SequenceRun, options: LookOptions = {}): string {
  return chosen(run, options).look?.smaps ?? "there is no such process";
}

export function tablesText(run: SequenceRun, options: LookOptions = {}): string {
  const {step, look} = chosen(run, options);
  if (!step || !look) return "there is no such process";
  const entries = look.entries.map((one) =>
    `${entryPages(one)} ${one.kind} -> ${entryTarget(one)} ${one.bits}`.trim(),
  );
  const pages = step.pages.map(
    (one) =>
      `${pageName(one)} ${one.kind}: refcount ${one.refcount}, mapcount ${pageMapcounts(one)}, ${one.flags}`,
  );
  return [...entries, ...pages].join("\n");
}
