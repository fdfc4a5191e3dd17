// A dialog of the book: over the page, closed by Escape, by its button and by a press beside it. The browser gives the
// focus back to where it was.

import {element} from "./html.ts";

export function createDialog(
  id: string,
  title: string,
  ...content: HTMLElement[]
): HTMLDialogElement {
  const close = element("button", {type: "button", class: "button"}, "Close");
  const heading = element("h2", {id: `${id}-title`}, title);
  const head = element("div", {class: "dialog-head"}, heading, close);
  const inside = element("div", {class: "dialog-inside"}, head, ...content);
  const dialog = element("dialog", {id, "aria-labelledby": `${id}-title`}, inside);
  close.addEventListener("click", () => dialog.close());
  // What is inside covers the dialog, so only a press on what is behind it has the dialog as its target.
  dialog.addEventListener("click", ({target}) => {
    if (target === dialog) dialog.close();
  });
  document.body.append(dialog);
  return dialog;
}
