// Starts a page of the book: its theme, its cells, and the listings that can be edited.

import "./fonts.css";
import "./style.css";
import type {PageData} from "../src/book/page.ts";
import {startCells, type Failure} from "./cells.ts";
import type {KernelEdit} from "./kernel.ts";
import {showKernelState} from "./kernel-state.ts";
import {startKeepsake} from "./keepsake-menu.ts";
import {createListing, type Listing} from "./listing.ts";
import {startOffline} from "./offline.ts";
import {readEdit} from "./storage.ts";
import {startTheme} from "./theme.ts";
import type {ChapterText} from "./types.ts";

const data = JSON.parse(document.getElementById("chapter-data")!.textContent) as PageData;
const kernelEdits = keptKernelEdits();
const kernelListings = new Map<string, Listing>();
const cellListings = new Map<string, Listing>();

startOffline();
startTheme(document.getElementById("theme") as HTMLButtonElement);
startKeepsake(document.getElementById("yours")!);
const inForce = await keptCells();
const cells = startCells({...data, cells: inForce}, [...kernelEdits.values()], showFailure);
showKernel();

for (const {name, code} of data.listings) {
  const source = document.querySelector<HTMLElement>(`[data-kernel="${CSS.escape(name)}"]`);
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

data.cells.forEach((cell, i) => {
  const source = document.querySelector<HTMLElement>(`[data-cell="${CSS.escape(cell.id)}"]`);
  if (!source) return;
  const listing = createListing({
    source,
    id: cell.id,
    chapter: data.chapter,
    original: cell.source,
    inForce: inForce[i]!.source,
    label: cell.outputs.length > 0 ? `the cell of ${cell.outputs.join(", ")}` : "a live cell",
    texts,
    run(text, {compileCell}) {
      cells.replace(text === cell.source ? cell : compileCell(cell.id, text));
    },
  });
  cellListings.set(cell.id, listing);
});

for (const listing of [...kernelListings.values(), ...cellListings.values()])
  void listing.restore();

/** The chapter as it stands in its editors: what is checked for types. */
function texts(): ChapterText[] {
  return [
    ...data.cells.map(({id, source}) => textOf("cell", id, source, cellListings.get(id))),
    ...data.listings.map(({name, code}) =>
      textOf("kernel", kernelId(name), code, kernelListings.get(name)),
    ),
  ];
}

function textOf(
  kind: ChapterText["kind"],
  id: string,
  original: string,
  listing: Listing | undefined,
): ChapterText {
  return {kind, id, original, code: listing?.text() ?? original};
}

function keptKernelEdits(): Map<string, KernelEdit> {
  const edits = data.listings.flatMap(({name, code}): [string, KernelEdit][] => {
    const edit = readEdit(data.chapter, kernelId(name));
    return edit === null || edit.text === code ? [] : [[name, {name, text: edit.text}]];
  });
  return new Map(edits);
}

/** The cells, with the reader's edits in the place of the originals. Only who has edits waits for the compiler. */
async function keptCells(): Promise<PageData["cells"]> {
  const kept = data.cells.map(({id}) => readEdit(data.chapter, id));
  if (kept.every((edit) => edit === null)) return data.cells;
  const {compileCell} = await import("./compiler.ts");
  return data.cells.map((cell, i) => {
    const edit = kept[i];
    if (!edit) return cell;
    try {
      return {...compileCell(cell.id, edit.text), inline: cell.inline};
    } catch {
      // Its listing opens with the error at its line; until then the original runs.
      return cell;
    }
  });
}

function kernelId(name: string): string {
  return `kernel/${name}`;
}

function patch(name: string, text: string | null): void {
  if (text === null) kernelEdits.delete(name);
  else kernelEdits.set(name, {name, text});
  for (const listing of kernelListings.values()) listing.mark(null);
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
