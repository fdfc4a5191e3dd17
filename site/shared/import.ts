// A file of edits is somebody's code until its reader has looked: what it would change is shown first, and taken over only when asked to.

import {createDialog} from "../dialog.ts";
import {element} from "../html.ts";
import {conflicts, importEdits, type Kept} from "../keepsake.ts";
import {downloadEdits} from "../keepsake-menu.ts";
import {readEdit} from "../storage.ts";
import {review} from "./review.ts";
import "./shared.css";

export function openImport(edits: readonly Kept[]): void {
  const changes = edits.filter(({chapter, id, text}) => readEdit(chapter, id)?.text !== text);
  const lost = conflicts(edits).length;
  const yes = element("button", {type: "button", class: "button primary"}, "Take it over");
  const dialog = createDialog(
    "import-dialog",
    "What this file changes",
    element("p", {}, whatItDoes(changes.length, lost)),
    review(changes.map(asForeign)),
    element("div", {class: "row"}, ...(changes.length > 0 ? [yes] : [])),
  );
  dialog.addEventListener("close", () => dialog.remove());
  yes.addEventListener("click", () => {
    if (lost > 0) downloadEdits();
    importEdits(changes);
    location.reload();
  });
  dialog.showModal();
}

/** Beside what stands there now: an edit of the reader, or what the book had when the file was written. */
function asForeign({chapter, id, text, original}: Kept) {
  const name = id.replace(/^kernel\//, "the function ");
  return {what: `${chapter}: ${name}`, original: readEdit(chapter, id)?.text ?? original, text};
}

function whatItDoes(changes: number, lost: number): string {
  if (changes === 0) return "Nothing: all that is in it you have here already.";
  const many = changes === 1 ? "one text" : `${changes} texts`;
  const over =
    lost === 0
      ? ""
      : ` ${lost} of your own edits are in its way; they are put into a file first.`;
  return `It brings ${many}, and they will run as yours, with your edits and the network within their reach. Is it a file that you have written yourself, or whose author you know?${over}`;
}
