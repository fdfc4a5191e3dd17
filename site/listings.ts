// What can be edited in a chapter: the frames of its cells and of the kernel's functions, each with what is in force in it.

import type {PageData} from "../src/book/page.ts";
import type {Step} from "../src/explore/trace.ts";
import {cellName} from "../src/book/graph.ts";
import type {Cells, Page} from "./cells.ts";
import type {Failure} from "./failure.ts";
import {elementsBy} from "./elements-by.ts";
import {hideSource} from "./hidden-source.ts";
import type {KernelEdit} from "./kernel.ts";
import {showKernelState} from "./kernel-state.ts";
import {createListing, type Listing} from "./listing.ts";
import type {Marks} from "./marks.ts";
import {drawn} from "./slices.ts";
import {standIn} from "./standing.ts";
import {kernelId, readEdit} from "./storage.ts";
import type {ChapterText} from "./types.ts";

/** A chapter whose cells run. */
export type Reading = {
  readonly data: PageData;
  /** The cells as they run: the reader's edits in the place of the originals. */
  readonly inForce: PageData["cells"];
  /** By the function's name. The listings change them. */
  readonly kernelEdits: Map<string, KernelEdit>;
  readonly cells: Cells;
  readonly marks: Marks;
  /** Nothing was edited. */
  readonly isAsPrinted: boolean;
};

/** How many cells get their frames before the page draws them. */
const AT_A_TIME = 10;

/**
 * Answers where to say what becomes of a cell, and when all can be edited. Where nothing was edited the frames come a few at a time, so that the page
 * can answer its reader in between; a kept edit has its frame before it runs, where it says what goes wrong.
 */
export function startListings({
  data,
  inForce,
  kernelEdits,
  cells,
  marks,
  isAsPrinted,
}: Reading): Pick<Page, "onFailure" | "onStale"> & {
  readonly listed: Promise<void>;
} {
  const kernelListings = new Map<string, Listing>();
  const cellListings = new Map<string, Listing>();
  showKernel();
  listFunctions();
  const listed = listCells();
  document.addEventListener("step", (event) => follow(event as CustomEvent<Step>));
  return {
    onFailure: showFailure,
    onStale: (id, words) => cellListings.get(id)?.markStale(words),
    listed,
  };

  function listFunctions(): void {
    const functions = elementsBy("kernel");
    for (const {name, code} of data.listings) {
      const source = functions.get(name);
      if (!source) continue;
      const listing = createListing({
        source,
        id: kernelId(name),
        chapter: data.chapter,
        original: code,
        inForce: kernelEdits.get(name)?.text ?? code,
        label: `${name}, a function of the kernel`,
        texts,
        run(text, {checkSyntax}) {
          checkSyntax(text);
          patch(name, text === code ? null : text);
        },
      });
      kernelListings.set(name, listing);
    }
  }

  async function listCells(): Promise<void> {
    const printed = elementsBy("cell");
    const slots = elementsBy("output");
    for (const [i, {id}] of data.cells.entries()) {
      if (isAsPrinted && i % AT_A_TIME === 0) await drawn();
      const source = printed.get(id);
      const slot = slots.get(id);
      if (source) listCell(source, i);
      else if (slot) hideCell(slot, i);
    }
    for (const listing of [...kernelListings.values(), ...cellListings.values()])
      void listing.restore();
  }

  function hideCell(slot: HTMLElement, i: number): void {
    const cell = data.cells[i]!;
    const {id, source: text} = cell;
    const hidden = hideSource(slot, {
      ...{id, text, name: cellName(cell)},
      onOpen: () => void (cellListings.get(id) ?? listCell(hidden.source(), i)).open(),
    });
    // What was kept is in force, so it is to be seen.
    const edit = readEdit(data.chapter, id);
    if (edit === null || edit.text === text) return;
    listCell(hidden.source(), i);
    hidden.open();
  }

  function listCell(source: HTMLElement, i: number): Listing {
    const cell = data.cells[i]!;
    const listing = createListing({
      source,
      id: cell.id,
      chapter: data.chapter,
      original: cell.source,
      inForce: inForce[i]!.source,
      label: cell.outputs.length > 0 ? `the cell of ${cell.outputs.join(", ")}` : "a live cell",
      isHeld: marks.died(cell.id),
      texts,
      run(text, {compileCell}) {
        cells.replace(text === cell.source ? cell : compileCell(cell.id, text));
      },
    });
    cellListings.set(cell.id, listing);
    return listing;
  }

  /** Timelines tell which step they show (timeline.ts). */
  function follow({detail}: CustomEvent<Step>): void {
    for (const shown of data.listings) {
      const stand = standIn(shown, detail, kernelEdits.has(shown.name));
      kernelListings.get(shown.name)?.stand(stand);
    }
  }

  /** The chapter as it stands in its editors: what is checked for types. */
  function texts(): ChapterText[] {
    return [
      ...data.cells.map(({id, source, outputs}) => ({
        ...textOf("cell", id, source, cellListings.get(id)),
        names: outputs,
      })),
      ...data.listings.map(({name, code}) =>
        textOf("kernel", kernelId(name), code, kernelListings.get(name)),
      ),
    ];
  }

  function patch(name: string, text: string | null): void {
    if (text === null) kernelEdits.delete(name);
    else kernelEdits.set(name, {name, text});
    for (const listing of kernelListings.values()) {
      listing.mark(null);
      listing.stand(null);
    }
    cells.patch([...kernelEdits.values()]);
    showKernel();
  }

  function showKernel(): void {
    const changed = data.listings.flatMap(({name, code}) => {
      const edit = kernelEdits.get(name);
      return edit ? [{name, before: code, now: edit.text}] : [];
    });
    showKernelState(document.getElementById("kernel-state")!, changed, () => {
      for (const {name} of changed) void kernelListings.get(name)?.reset();
    });
  }

  /** Puts a failure where its text is: under the line of the kernel's function, or of the cell. */
  function showFailure(id: string, failure: Failure | null): boolean {
    const ofCell =
      failure?.function === undefined && failure?.line !== undefined ? failure : null;
    const ofKernel = failure?.function === undefined ? null : failure;
    cellListings.get(id)?.mark(ofCell);
    if (ofKernel) kernelListings.get(ofKernel.function!)?.mark(ofKernel);
    return (
      (ofCell !== null && cellListings.has(id)) ||
      (ofKernel !== null && kernelListings.has(ofKernel.function!))
    );
  }
}

function textOf(
  kind: ChapterText["kind"],
  id: string,
  original: string,
  listing: Listing | undefined,
): ChapterText {
  return {kind, id, original, code: listing?.text() ?? original};
}
