// Runs a chapter's cells as the page does, on the same runtime, and tells what they displayed. The book is handed
// in: what `kernel`, `verdict` and `timeline` are here is for the caller to say.

import {Runtime} from "@observablehq/runtime";
import type {Chapter, ChapterCell} from "../../src/book/chapter.ts";
import {defineCell} from "../../src/book/dataflow.ts";
import {unmet} from "../../src/book/expect.ts";
import {Mutable} from "../../src/book/mutable.ts";
import {print} from "../../src/book/print.ts";
import {messageOf} from "../../src/book/problem.ts";
import type {Input} from "../../src/book/view.ts";

export type CellRun = {
  readonly cell: ChapterCell;
  /** What it displayed last, each as it prints. */
  readonly displayed: readonly string[];
  /** What went wrong, or null. */
  readonly error: string | null;
  /** The `// →` lines that what it displayed does not meet, as sentences. */
  readonly unmet: readonly string[];
};

/**
 * Runs every cell until all have settled. `builtins` are values by name; a function is a value too. Controls are
 * answered by `controls` below: a button counts as pressed once.
 */
export async function runChapter(
  chapter: Pick<Chapter, "cells">,
  {
    builtins = {},
    timeoutMs = 60_000,
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
      let displayed: string[] = [];
      const end = (error: string | null): void => {
        clearTimeout(timer);
        resolve({
          cell,
          displayed,
          error,
          unmet: error === null ? unmet(cell.source, displayed) : [],
        });
      };
      const timer = setTimeout(() => end(`did not end within ${timeoutMs} ms`), timeoutMs);
      const sink = {
        pending() {},
        progress() {},
        clear: () => void (displayed = []),
        show: (value: unknown) => void displayed.push(print(value)),
        done: () => end(null),
        failed: (error: unknown) => end(messageOf(error)),
      };
      defineCell(module, cell, {sink});
    });
  }
}

/** What a chapter calls its controls, without a page. */
const controls = {
  button: (label: string): Input => control(label, 1),
  range: (
    [min, max]: [number, number],
    {label = "value", value = (min + max) / 2} = {},
  ): Input => control(label, value),
  select: (options: unknown[], {label = "choice", value = options[0]} = {}): Input =>
    control(label, value),
  html: (strings: TemplateStringsArray, ...parts: unknown[]): string =>
    String.raw({raw: strings}, ...parts).replace(/<[^>]*>/g, ""),
};

function control(label: string, value: unknown): Input {
  return {value, toString: () => label} as Input;
}

function globalNamed(name: string): unknown {
  if (name in globalThis) return Reflect.get(globalThis, name);
  throw new Error(`${name} is not defined`);
}

/** Everything that a reader would see go wrong, as sentences: empty if the chapter is well. */
export function complaints(name: string, runs: readonly CellRun[]): readonly string[] {
  return runs.flatMap(({cell, error, unmet}) =>
    (error === null ? unmet : [error]).map(
      (text) => `${name}, ${cell.id} (line ${cell.line}): ${text}`,
    ),
  );
}
