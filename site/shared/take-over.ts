// A stranger's text becomes the reader's own: it is kept with the reader's edits, and from then on it runs as they do. So this is asked twice,
// and what would be run over is put into a file first.

import type {Shared} from "../../src/book/shared_link.ts";
import {element} from "../html.ts";
import {conflicts, importEdits, type Kept} from "../keepsake.ts";
import {downloadEdits} from "../keepsake-menu.ts";
import {kernelId} from "../storage.ts";

export function takeOver(
  chapter: string,
  {cells, kernel}: Pick<Shared, "cells" | "kernel">,
  done: () => void,
): HTMLElement {
  const edits: Kept[] = [
    ...cells.map(({name, text}) => ({chapter, id: name, text, original: ""})),
    ...kernel.map(({name, text}) => ({chapter, id: kernelId(name), text, original: ""})),
  ];
  const lost = conflicts(edits).length;
  const yes = element(
    "button",
    {type: "button", class: "button"},
    "I have read it: take it over",
  );
  const no = element("button", {type: "button", class: "button"}, "Do not");
  const asked = element(
    "div",
    {class: "take-over", role: "group", "aria-label": "take it over?"},
    element(
      "p",
      {},
      "From then on it runs as what you have written yourself: whenever this chapter is open, in this page, with your edits and the network " +
        "within its reach. Do this with code that you understand, or whose author you know." +
        (lost > 0
          ? ` ${lost} of your own edits are in its way; they are put into a file first.`
          : ""),
    ),
    element("div", {class: "row"}, yes, no),
  );
  no.addEventListener("click", () => asked.remove());
  yes.addEventListener("click", () => {
    if (lost > 0) downloadEdits();
    importEdits(edits);
    done();
  });
  return asked;
}
