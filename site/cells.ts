// The cells of the page on the reactive runtime. A cell that is replaced, or a kernel that is patched, makes
// everything that depends on it run again, and nothing else.

import {Runtime} from "@observablehq/runtime";
import type {Cell} from "../src/book/cell.ts";
import {defineCell, type LiveCell, type Run} from "../src/book/dataflow.ts";
import {dataflowProblems} from "../src/book/graph.ts";
import type {PageData} from "../src/book/page.ts";
import {BUILTINS, globalNamed, knownNames} from "./builtins.ts";
import {tableWithin} from "./data.ts";
import {elementsBy} from "./elements-by.ts";
import {failureOf, sentenceOf, type Failure} from "./failure.ts";
import {kernelFor, type Kernel, type KernelEdit} from "./kernel.ts";
import {startLateFailures} from "./late-failures.ts";
import type {Marks} from "./marks.ts";
import {near} from "./near.ts";
import {createOutput, NOWHERE, type Output} from "./output.ts";
import {afterPaint, later} from "./painted.ts";
import {orQuiet} from "./quiet.ts";
import {beginNow, breathe, turn} from "./slices.ts";
import {widthOf} from "./surroundings.ts";

export type Cells = {
  /** Puts a new version of a cell in the place of the old one. */
  replace(cell: Cell): void;
  /** Patches the kernel. */
  patch(edits: readonly KernelEdit[]): void;
  /** Runs now what the runtime would run with the next frame. */
  runAtOnce(): void;
};

/** What the page does about its cells, beside showing what they show. */
export type Page = {
  /** A cell has failed, or with null it is well again. True: it is shown where its text is. */
  onFailure(id: string, failure: Failure | null): boolean;
  /** A cell is out of date, in words; or with null it no longer is. */
  onStale(id: string, words: string | null): void;
  /** Which texts differ from the book's, and what was running when the page died. */
  isEdited(cell: Cell): boolean;
  readonly marks: Marks;
};

type Live = LiveCell & {readonly cell: Cell; readonly output: Output; isPending: boolean};

/** A page begins with all of its cells. So many come with its first paint; the others leave it time for its reader between them. */
const AT_ONCE = 16;

/** Tables that the book has made beforehand: a chapter looks dozens of things up in them, each in a task of its own. */
const TABLES = new Set(["barriers", "fidelity", "comparison"]);
/** What is drawn of these is large: it is drawn when somebody is about to look. What is drawn of the comparison waits by itself. */
const LARGE = new Set(["barriers", "fidelity"]);

/** The reader has pressed Stop. */
class StoppedByReader extends Error {
  constructor() {
    super("it was stopped");
  }
}

export function startCells(
  data: PageData,
  edits: readonly KernelEdit[],
  {onFailure, onStale, isEdited, marks}: Page,
): Cells {
  const runtime = new Runtime(BUILTINS, globalNamed);
  const module = runtime.module();
  const slots = elementsBy("output");
  const order = [...slots.keys()];
  const live = new Map<string, Live>();
  /** Which cell gives a name. */
  let givers: ReadonlyMap<string, string> = new Map();
  let problems: ReadonlyMap<string, string> = new Map();
  /** Soon all that are pending say what they wait for. */
  let isTelling = false;

  module.define("kernel", [], kernelWith(edits));
  startLateFailures(failedLater);
  findProblems(data.cells);
  for (const cell of data.cells) define(cell);
  return {replace, patch, runAtOnce};

  function define(cell: Cell): void {
    const {id} = cell;
    const slot = slots.get(id) ?? null;
    const output = slot ? outputIn(slot, id) : NOWHERE;
    let over = (): void => {};
    const settle = (): void => {
      over();
      setPending(id, false);
    };
    const sink = {
      ...output,
      pending() {
        over();
        over = marks.begin(suspects(cell));
        output.pending();
        setPending(id, true);
      },
      done() {
        settle();
        output.done();
        onFailure(id, null);
        showProblem(id, output);
      },
      failed(error: unknown) {
        settle();
        if (error instanceof StoppedByReader) output.stopped();
        else show(cell, output, failure(cell, error));
      },
    };
    const bind = (name: string, value: unknown, run: Run): unknown =>
      name === "kernel"
        ? kernelFor(value as Kernel, run, {
            rank: rankOf(id),
            inSight: () => inSight(id, run.signal),
          })
        : value;
    const own = slot ? {width: widthOf(slot)} : {};
    const isLive = slot?.classList.contains("live") ?? false;
    const ready = readyOf(cell, isLive);
    const defined = defineCell(module, cell, {
      ...{sink, bind, own, node: slot},
      ...(ready && {ready}),
    });
    live.set(id, {...defined, cell, output, isPending: false});
  }

  function outputIn(slot: HTMLElement, id: string): Output {
    return createOutput(slot, slot.classList.contains("live"), {
      onStop: () => live.get(id)?.stop(new StoppedByReader()),
      onRun: () => replace(live.get(id)!.cell),
    });
  }

  /** What a run of the cell waits for, besides what it takes from others. Null: nothing. */
  function readyOf(
    {id, inputs}: Cell,
    isLive: boolean,
  ): ((run: Run) => Promise<unknown>) | null {
    const takes = (names: ReadonlySet<string>): boolean =>
      inputs.some((name) => names.has(name));
    // Who shows a control is soon done, and the page has something to press.
    const isFirst = isLive || inputs.includes("view") || rankOf(id) < AT_ONCE;
    if (!takes(TABLES)) return isFirst ? null : turn;
    // A page that begins with numbers is to show them with its first paint.
    if (isLive && inputs.some((name) => tableWithin(name) !== null)) return null;
    const isLarge = !isLive && takes(LARGE);
    return isLarge
      ? ({signal}) => orQuiet(inSight(id, signal))
      : () => afterPaint.then(breathe);
  }

  /** Comes when the cell is near to what is seen, or one that takes something from it. */
  function inSight(id: string, signal: AbortSignal): Promise<boolean> {
    const concerned = new Set([id]);
    for (const each of concerned)
      for (const {cell} of live.values())
        if (cell.inputs.some((name) => givers.get(name) === each)) concerned.add(cell.id);
    return near(
      [...concerned].flatMap((one) => slots.get(one) ?? []),
      signal,
    );
  }

  /** Its place on the page: those within sentences stand among the others. */
  function rankOf(id: string): number {
    return order.indexOf(id);
  }

  function replace(cell: Cell): void {
    live.get(cell.id)?.remove();
    live.delete(cell.id);
    findProblems([...allCells(), cell]);
    define(cell);
    beginNow();
    runAtOnce();
  }

  function patch(edits: readonly KernelEdit[]): void {
    module.redefine("kernel", [], kernelWith(edits));
    beginNow();
    runAtOnce();
  }

  function runAtOnce(): void {
    void runtime._computeNow();
  }

  function allCells(): Cell[] {
    return [...live.values()].map(({cell}) => cell);
  }

  function giverOf(name: string): Live | undefined {
    return live.get(givers.get(name) ?? "");
  }

  // Who waits for whom

  function setPending(id: string, isPending: boolean): void {
    const here = live.get(id);
    if (!here || here.isPending === isPending) return;
    here.isPending = isPending;
    if (!isPending) onStale(id, null);
    if (isTelling) return;
    isTelling = true;
    // Many begin at the same time: once for all of them.
    queueMicrotask(() => {
      isTelling = false;
      for (const each of live.values()) if (each.isPending) sayWhatItWaitsFor(each);
    });
  }

  function sayWhatItWaitsFor({cell, output}: Live): void {
    const names = cell.inputs.filter((name) => giverOf(name)?.isPending);
    output.waitsFor(names);
    onStale(cell.id, names.length === 0 ? null : `out of date: waits for ${names.join(", ")}`);
  }

  /** The reader's own texts that a run of this cell depends on: if the page dies of it, it was one of them. */
  function suspects(cell: Cell, seen = new Set<string>()): string[] {
    if (seen.has(cell.id)) return [];
    seen.add(cell.id);
    const above = cell.inputs.flatMap((name) => {
      const giver = giverOf(name);
      return giver ? suspects(giver.cell, seen) : [];
    });
    return isEdited(cell) ? [cell.id, ...above] : above;
  }

  // What goes wrong

  function failure(cell: Cell, error: unknown): Failure {
    const known = problems.get(cell.id);
    if (known !== undefined) return {message: known};
    return failureOf(cell, error, allCells(), knownNames());
  }

  function show(cell: Cell, output: Output, what: Failure): void {
    const isPlaced = onFailure(cell.id, what);
    if (isPlaced && what.function === undefined) return output.done();
    const where =
      what.line === undefined || what.function !== undefined ? "" : ` (line ${what.line})`;
    const said = what.message.includes(where) ? "" : where;
    output.fail(sentenceOf(what) + said, {
      brief: what.brief,
      isStale: what.isUpstream ?? false,
    });
  }

  /** What the cell shows is as it was; but something that it has left behind goes wrong. */
  function failedLater(id: string, error: unknown): boolean {
    const here = live.get(id);
    if (!here) return false;
    show(here.cell, here.output, failureOf(here.cell, error, allCells(), knownNames()));
    return true;
  }

  /** Who gives what. A name that is given twice, and a circle, concern cells that do not run again. */
  function findProblems(cells: readonly Cell[]): void {
    const before = problems;
    problems = dataflowProblems(cells);
    givers = new Map(cells.flatMap(({id, outputs}) => outputs.map((name) => [name, id])));
    for (const [id, {output}] of live) {
      if (before.has(id) && !problems.has(id)) output.done();
      showProblem(id, output);
    }
  }

  function showProblem(id: string, output: Output): void {
    const known = problems.get(id);
    if (known !== undefined) output.fail(known);
  }
}

function kernelWith(edits: readonly KernelEdit[]): () => Promise<Kernel> {
  return async () => {
    const {createKernel} = await later(() => import("./model.ts"));
    return createKernel([...edits]);
  };
}
