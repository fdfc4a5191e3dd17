// A cell whose source the page does not print has a small control at its edge, which opens the source below what the cell shows.
// For a value in the middle of a sentence the source opens below the paragraph.

import {element} from "./html.ts";

export type HiddenSource = {
  /** Where the source goes: made when it is first wanted, since a chapter has dozens that nobody opens. */
  source(): HTMLElement;
  open(): void;
};

/** `onOpen` is told each time the reader asks for the source. */
export function hideSource(
  slot: HTMLElement,
  {id, text, name, onOpen}: {id: string; text: string; name: string; onOpen: () => void},
): HiddenSource {
  const isInline = slot.classList.contains("live");
  const toggle = element(
    "button",
    {
      type: "button",
      class: isInline ? "source-toggle inline" : "source-toggle",
      "aria-expanded": "false",
      "aria-controls": `source-of-${id}`,
    },
    "source",
    element("span", {class: "unseen"}, ` of ${name}`),
  );
  let frame: HTMLElement | null = null;

  toggle.addEventListener("click", press);
  if (isInline) {
    slot.title = "click for its source";
    slot.addEventListener("click", press);
    // Not within the sentence: who listens to it would hear a button in the middle.
    blockAround(slot).after(toggle);
  } else {
    const cell = slot.parentElement!;
    cell.classList.add("has-source");
    cell.prepend(toggle);
  }
  return {source, open: () => setOpen(true)};

  function press(): void {
    const isOpen = toggle.ariaExpanded === "true";
    setOpen(!isOpen);
    if (!isOpen) onOpen();
  }

  function setOpen(isOpen: boolean): void {
    source().parentElement!.hidden = !isOpen;
    toggle.ariaExpanded = String(isOpen);
  }

  function source(): HTMLElement {
    frame ??= createFrame();
    return frame.firstElementChild as HTMLElement;
  }

  function createFrame(): HTMLElement {
    const made = element(
      "div",
      {class: "listing opened", id: `source-of-${id}`},
      element(
        "div",
        {class: "source", tabindex: "0", role: "group", "data-cell": id},
        element("pre", {}, element("code", {}, text)),
      ),
    );
    if (isInline) toggle.after(made);
    else slot.parentElement!.append(made);
    return made;
  }
}

/** The paragraph, list or table that a sentence stands in. */
function blockAround(slot: HTMLElement): Element {
  return slot.closest("main > *") ?? slot;
}
