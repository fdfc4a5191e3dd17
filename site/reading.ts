// A chapter that is read: its cells run, with what was edited before in its place; then come the frames in which they can be edited.

import type {PageData} from "../src/book/page.ts";
import {startCells, type Page} from "./cells.ts";
import type {KernelEdit} from "./kernel.ts";
import {createMarks, type Marks} from "./marks.ts";
import {later} from "./painted.ts";
import {breathe} from "./slices.ts";
import {kernelId, readEdit} from "./storage.ts";

const loadListings = () => import("./listings.ts");

export async function startReading(data: PageData): Promise<void> {
  const repeatPress = keepPress();
  const marks = createMarks(data.chapter);
  const kernelEdits = keptKernelEdits(data);
  const inForce = await keptCells(data, marks);
  // An edit that goes wrong says so in its frame. Who has no edits does not wait for the frames.
  const isAsPrinted = kernelEdits.size === 0 && inForce === data.cells;
  if (!isAsPrinted) await loadListings();

  const originals = new Map(data.cells.map(({id, source}) => [id, source]));
  const told: Pick<Page, "onFailure" | "onStale"> = {onFailure: () => false, onStale() {}};
  const cells = startCells({...data, cells: inForce}, [...kernelEdits.values()], {
    marks,
    isEdited: ({id, source}) => source !== originals.get(id),
    onFailure: (id, failure) => told.onFailure(id, failure),
    onStale: (id, words) => told.onStale(id, words),
  });
  // What they show is made in a task of its own, between which and this one the page may answer its reader.
  if (isAsPrinted) void breathe().then(cells.runAtOnce);
  const {startListings} = await (isAsPrinted ? later(loadListings) : loadListings());
  const reading = {data, inForce, kernelEdits, cells, marks, isAsPrinted};
  const {listed, ...tell} = startListings(reading);
  Object.assign(told, tell);
  await listed;
  repeatPress();
}

/** A listing that is clicked before its frame is there, or on which Enter is pressed, opens when it is. */
function keepPress(): () => void {
  let last: MouseEvent | KeyboardEvent | null = null;
  const keep = (event: MouseEvent | KeyboardEvent): void => void (last = event);
  document.addEventListener("click", keep);
  document.addEventListener("keydown", keep);
  return () => {
    document.removeEventListener("click", keep);
    document.removeEventListener("keydown", keep);
    const place = last?.target instanceof Element && last.target.closest(".source, .live");
    if (!last || !place) return;
    const Again = last.type === "click" ? MouseEvent : KeyboardEvent;
    place.dispatchEvent(new Again(last.type, last));
  };
}

function keptKernelEdits({chapter, listings}: PageData): Map<string, KernelEdit> {
  const edits = listings.flatMap(({name, code}): [string, KernelEdit][] => {
    const edit = readEdit(chapter, kernelId(name));
    return edit === null || edit.text === code ? [] : [[name, {name, text: edit.text}]];
  });
  return new Map(edits);
}

/** The cells, with the reader's edits in the place of the originals. Only who has edits waits for the compiler. */
async function keptCells({chapter, cells}: PageData, marks: Marks): Promise<PageData["cells"]> {
  // What was running when the page died is not run again by itself: its listing asks.
  const kept = cells.map(({id}) => (marks.died(id) ? null : readEdit(chapter, id)));
  if (kept.every((edit) => edit === null)) return cells;
  const {compileCell} = await import("./compiler.ts");
  return cells.map((cell, i) => {
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
