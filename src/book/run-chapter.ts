// Runs a chapter's cells as the page does, on the same runtime, and tells what they displayed. Then tries out the solutions of its
// exercises. The book is handed in: what `kernel`, `verdict` and `timeline` are here is for the caller to say.

import {Runtime} from "@observablehq/runtime";
import {compileCell} from "./cell.ts";
import type {Chapter, ChapterCell} from "./chapter.ts";
import {defineCell} from "./dataflow.ts";
import type {Solution} from "./exercises.ts";
import {expectationsOf, unmet} from "./expect.ts";
import {Mutable} from "./mutable.ts";
import {print} from "./print.ts";
import {messageOf} from "./problem.ts";
import type {Input} from "./view.ts";

export type CellRun = {
  readonly cell: ChapterCell;
  /** What it displayed last, each as it prints. */
  readonly displayed: readonly string[];
  /** What went wrong, or null. */
  readonly error: string | null;
  /** The `// →` lines that what it displayed does not meet, as sentences. */
  readonly unmet: readonly string[];
};

/** A value that is not known yet when it is shown: `settled` is what it prints in the end. */
export type Unsettled = {readonly settled: Promise<string>};

/** The book's names for a kernel with these functions in it. */
export type BuiltinsFor = (
  edits: readonly {readonly name: string; readonly text: string}[],
) => Record<string, unknown>;

type Runnable = Pick<Chapter, "cells" | "solutions" | "slug">;

/** Everything that a reader would see go wrong in it, as sentences: empty if the chapter is well. */
export async function checkChapter(
  chapter: Runnable,
  builtinsFor: BuiltinsFor,
): Promise<readonly string[]> {
  const name = `${chapter.slug}.md`;
  const runs = await runChapter(chapter, {builtins: builtinsFor([])});
  const wrong = [...unanswered(name, chapter.cells), ...complaints(name, runs)];
  for (const solution of chapter.solutions) {
    const before = runs.find(({cell}) => cell.id === solution.check)!;
    const complaint = await complaintOf(solution, {chapter, before, builtinsFor});
    if (complaint !== null)
      wrong.push(`${name}, solution=${solution.target} (line ${solution.line}): ${complaint}`);
  }
  return wrong;
}

/** A prediction whose text does not say what is true could turn into another one, and nobody would know. */
function unanswered(name: string, cells: readonly ChapterCell[]): readonly string[] {
  return cells
    .filter(
      ({inputs, source}) => inputs.includes("predict") && expectationsOf(source).length === 0,
    )
    .map(
      ({id, line}) => `${name}, ${id} (line ${line}): a prediction says what is true: // → ...`,
    );
}

async function complaintOf(
  {target, check, code}: Solution,
  {
    chapter,
    before,
    builtinsFor,
  }: {chapter: Runnable; before: CellRun; builtinsFor: BuiltinsFor},
): Promise<string | null> {
  if (before.error === null && unmet(code, before.displayed).length === 0)
    return "the exercise is solved before anybody has touched it";
  const isCell = chapter.cells.some(({id}) => id === target);
  const cells = chapter.cells.map((cell) =>
    cell.id === target ? {...cell, ...compileCell(target, code)} : cell,
  );
  const runs = await runChapter(
    {cells: behind(check, cells)},
    {builtins: builtinsFor(isCell ? [] : [{name: target, text: code}])},
  );
  const after = runs.find(({cell}) => cell.id === check)!;
  return after.error ?? unmet(code, after.displayed)[0] ?? null;
}

/** The cell and all that it takes something from. */
function behind(id: string, cells: readonly ChapterCell[]): readonly ChapterCell[] {
  const needed = new Set([id]);
  for (const each of needed)
    for (const name of cells.find((cell) => cell.id === each)!.inputs) {
      const giver = cells.find(({outputs}) => outputs.includes(name));
      if (giver) needed.add(giver.id);
    }
  return cells.filter((cell) => needed.has(cell.id));
}

/**
 * Runs every cell until all have settled. `builtins` are values by name; a function is a value too. Controls are
 * answered by `controls` below: a button counts as pressed once.
 */
export async function runChapter(
  chapter: Pick<Chapter, "cells">,
  {
    builtins = {},
    timeoutMs = 300_000,
  }: {builtins?: Record<string, unknown>; timeoutMs?: number} = {},
): Promise<readonly CellRun[]> {
  const given = Object.entries({...controls, Mutable, width: 672, dark: false, ...builtins});
  const runtime = new Runtime(
    Object.fromEntries(given.map(([name, value]) => [name, () => value])),
    globalNamed,
  );
  const module = runtime.module();
  const settled = chapter.cells.map((cell) => runCell(cell));
  try {
    return await Promise.all(settled);
  } finally {
    runtime.dispose();
  }

  function runCell(cell: ChapterCell): Promise<CellRun> {
    return new Promise((resolve) => {
      let shown: unknown[] = [];
      const end = async (failure: string | null): Promise<void> => {
        clearTimeout(timer);
        let error = failure;
        const displayed = await Promise.all(shown.map(inTheEnd)).catch((late: unknown) => {
          error ??= messageOf(late);
          return [];
        });
        resolve({
          cell,
          displayed,
          error,
          unmet: error === null ? unmet(cell.source, displayed) : [],
        });
      };
      const timer = setTimeout(() => void end(`did not end within ${timeoutMs} ms`), timeoutMs);
      const sink = {
        pending() {},
        progress() {},
        clear: () => void (shown = []),
        show: (value: unknown) => void shown.push(isUnsettled(value) ? value : print(value)),
        done: () => void end(null),
        failed: (error: unknown) => void end(messageOf(error)),
      };
      defineCell(module, cell, {sink});
    });
  }
}

function isUnsettled(value: unknown): value is Unsettled {
  return typeof value === "object" && value !== null && "settled" in value;
}

function inTheEnd(shown: unknown): Promise<string> | string {
  return isUnsettled(shown) ? shown.settled : String(shown);
}

const withoutTags = (strings: TemplateStringsArray, ...parts: unknown[]): string =>
  String.raw({raw: strings}, ...parts).replace(/<[^>]*>/g, "");

/** What a chapter calls its controls, without a page. */
const controls = {
  predict,
  button: (label: string): Input => control(label, 1),
  range: (
    [min, max]: [number, number],
    {label = "value", value = (min + max) / 2} = {},
  ): Input => control(label, value),
  select: (options: unknown[], {label = "choice", value = options[0]} = {}): Input =>
    control(label, value),
  html: withoutTags,
  svg: withoutTags,
  md: withoutTags,
};

/** As if a reader had chosen. Its value comes when the truth is known, so nobody runs with less. */
function predict(
  question: string,
  choices: readonly string[],
  run: () => unknown,
): Input & Unsettled {
  let value: string | undefined;
  const known = Promise.resolve()
    .then(run)
    .then((truth) => (value = String(truth)));
  const settled = known.then((truth) => {
    if (choices.includes(truth)) return truth;
    throw new Error(`“${question}” comes to ${truth}, which is none of its choices`);
  });
  return {
    get value() {
      return value;
    },
    settled,
    addEventListener: (_type, listener) => void known.then(listener, () => {}),
  };
}

function control(label: string, value: unknown): Input {
  return {value, toString: () => label} as Input;
}

function globalNamed(name: string): unknown {
  if (name in globalThis) return Reflect.get(globalThis, name);
  throw new Error(`${name} is not defined`);
}

/** Everything that a reader would see go wrong, as sentences: empty if the chapter is well. */
export function complaints(name: string, runs: readonly CellRun[]): readonly string[] {
  return runs.flatMap((run) =>
    (run.error === null ? [...run.unmet, ...unreadable(run)] : [run.error]).map(
      (text) => `${name}, ${run.cell.id} (line ${run.cell.line}): ${text}`,
    ),
  );
}

/** In the middle of a sentence nobody wants to read these. */
function unreadable({cell, displayed}: CellRun): readonly string[] {
  if (!cell.inline) return [];
  return displayed
    .filter((shown) => /^(null|-?Infinity|\{.*|Promise)$|undefined|NaN/.test(shown))
    .map((shown) => `the sentence says ${shown} where \${${cell.source}} stands`);
}
