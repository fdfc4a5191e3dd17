// The cells of the page on the reactive runtime. A cell that is replaced, or a kernel that is patched, makes
// everything that depends on it run again, and nothing else.

import {Runtime, RuntimeError} from "@observablehq/runtime";
import type {Cell} from "../src/book/cell.ts";
import {defineCell, placeIn} from "../src/book/dataflow.ts";
import {dataflowProblems} from "../src/book/graph.ts";
import {createGuard} from "../src/book/guard.ts";
import type {PageData} from "../src/book/page.ts";
import {messageOf, type Place} from "../src/book/problem.ts";
import {BROWSER} from "./browser-names.ts";
import {button, range, select} from "./controls.ts";
import {html} from "./html.ts";
import type {PerRun} from "./cell-types.ts";
import {kernelFor, type Kernel, type KernelEdit} from "./kernel.ts";
import {createOutput, NOWHERE, type Output} from "./output.ts";
import {verdictElement} from "./verdict-element.ts";

/** What went wrong, where, and in whose text: a cell's, or a kernel function's. */
export type Failure = Place & {
  readonly message: string;
  /** The same for the middle of a sentence. */
  readonly brief?: string;
  readonly function?: string | undefined;
};

export type Cells = {
  /** Puts a new version of a cell in the place of the old one. */
  replace(cell: Cell): void;
  /** Patches the kernel. */
  patch(edits: readonly KernelEdit[]): void;
};

export function startCells(
  data: PageData,
  edits: readonly KernelEdit[],
  /** Told of every failure of a cell, and with null when it is well again. True: it is shown where its text is. */
  onFailure: (id: string, failure: Failure | null) => boolean,
): Cells {
  const guard = createGuard();
  const module = new Runtime(BUILTINS, globalNamed).module();
  const live = new Map<string, {cell: Cell; output: Output; remove: () => void}>();
  let problems: ReadonlyMap<string, string> = new Map();

  module.define("kernel", [], kernelWith(edits));
  findProblems(data.cells);
  for (const cell of data.cells) define(cell);
  return {replace, patch};

  function define(cell: Cell): void {
    const slot = document.querySelector<HTMLElement>(`[data-output="${CSS.escape(cell.id)}"]`);
    const output = slot ? createOutput(slot, slot.classList.contains("live")) : NOWHERE;
    const sink = {
      ...output,
      done() {
        output.done();
        onFailure(cell.id, null);
        showProblem(cell.id, output);
      },
      failed(error: unknown) {
        const failure = failureOf(cell, error);
        const isPlaced = onFailure(cell.id, failure);
        if (!isPlaced || failure.function !== undefined)
          output.fail(sentenceOf(failure), failure.brief);
        else output.done();
      },
    };
    const bind = (
      name: string,
      value: unknown,
      run: Parameters<typeof kernelFor>[1],
    ): unknown =>
      name === "kernel" ? kernelFor(value as Kernel, run, rankOf(cell.id)) : value;
    live.set(cell.id, {cell, output, remove: defineCell(module, cell, {sink, guard, bind})});
  }

  /** Its place on the page. */
  function rankOf(id: string): number {
    return data.cells.findIndex((cell) => cell.id === id);
  }

  function replace(cell: Cell): void {
    live.get(cell.id)?.remove();
    live.delete(cell.id);
    findProblems([...live.values()].map((each) => each.cell).concat(cell));
    define(cell);
  }

  function patch(edits: readonly KernelEdit[]): void {
    module.redefine("kernel", [], kernelWith(edits));
  }

  /** A name that is given twice, and a circle, concern cells that do not run again. */
  function findProblems(cells: readonly Cell[]): void {
    const before = problems;
    problems = dataflowProblems(cells);
    for (const [id, {output}] of live) {
      if (before.has(id) && !problems.has(id)) output.done();
      showProblem(id, output);
    }
  }

  function showProblem(id: string, output: Output): void {
    const known = problems.get(id);
    if (known !== undefined) output.fail(known);
  }

  function failureOf(cell: Cell, error: unknown): Failure {
    const known = problems.get(cell.id);
    if (known !== undefined) return {message: known};
    if (error instanceof RuntimeError)
      return {message: upstreamSentence(error), brief: `(waits for ${error.input})`};
    const name = functionOf(error);
    if (name !== undefined) {
      const {line, column} = error as Place;
      return {message: messageOf(error), function: name, line, column};
    }
    return {message: messageOf(error), ...placeIn(cell, error)};
  }
}

function sentenceOf({function: name, line, message}: Failure): string {
  if (name === undefined) return message;
  return line === undefined ? `${name}: ${message}` : `${name}, line ${line}: ${message}`;
}

/** An error of the kernel names the function it is about. */
function functionOf(error: unknown): string | undefined {
  if (error instanceof Error && !Object.hasOwn(error, "name")) return undefined;
  const {name} = error as {name?: unknown};
  return typeof name === "string" ? name : undefined;
}

function upstreamSentence({input, message}: RuntimeError): string {
  if (message === `${input} is not defined`)
    return `${input} is not defined: no cell of this chapter declares it (is it spelt as it is there?)`;
  return `waits for ${input}, which has an error: ${message}`;
}

function kernelWith(edits: readonly KernelEdit[]): () => Promise<Kernel> {
  return async () => {
    const {createKernel} = await import("./model.ts");
    return createKernel([...edits]);
  };
}

/** Each of the names that cell-types.ts declares, and how to get it. */
type Builtins = {
  readonly [Name in Exclude<keyof CellTypes, PerRun>]: () =>
    CellTypes[Name] | Promise<CellTypes[Name]>;
};
type CellTypes = typeof import("./cell-types.ts");

/** What every cell can use. What is large is loaded when a cell first asks for it. */
const BUILTINS: Builtins = {
  button: () => button,
  range: () => range,
  select: () => select,
  html: () => html,
  verdict: () => verdictElement,
  timeline: async () => (await import("./timeline.ts")).timeline,
  races: async () => (await import("./model.ts")).races,
  crashes: async () => (await import("./crashes.ts")).crashes,
  comparison: async () => (await import("./comparison.ts")).loadComparison(),
  costs: async () => (await import("./costs.ts")).costs,
  atomics: async () => (await import("./atomics.ts")).atomics,
  comparisonTable: async () => (await import("./comparison-table.ts")).comparisonTable,
};

/** Names that no cell declares: the browser's own, or nothing. */
function globalNamed(name: string): unknown {
  if (BROWSER.has(name)) {
    const value: unknown = Reflect.get(globalThis, name);
    return typeof value === "function" && !/^[A-Z]/.test(name) ? value.bind(globalThis) : value;
  }
  throw new Error(`${name} is not defined`);
}
