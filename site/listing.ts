// A listing that can be edited. It looks like print until it is clicked; then an editor opens in its place, with
// Run and Reset. What was typed is kept, and is there again after a reload.

import type {Editor} from "./editor.ts";
import {element} from "./html.ts";
import type {Failure} from "./cells.ts";
import type {ChapterText} from "./types.ts";
import {readEdit, removeEdit, writeEdit} from "./storage.ts";

type Compiler = typeof import("./compiler.ts");

export type Listing = {
  readonly id: string;
  /** As it stands now, run or not. */
  text(): string;
  /** Shows a failure under its line, or takes the last one away. */
  mark(failure: Failure | null): void;
  /** Back to what the book has. */
  reset(): Promise<void>;
  /** Opens what was kept from an earlier visit. */
  restore(): Promise<void>;
};

export function createListing({
  source,
  id,
  chapter,
  original,
  inForce,
  label,
  texts,
  run,
}: {
  source: HTMLElement;
  id: string;
  chapter: string;
  original: string;
  /** What the page runs at first: the original, or an edit that was kept. */
  inForce: string;
  label: string;
  /** All texts of the chapter, this one among them. */
  texts: () => readonly ChapterText[];
  /** Takes a text into use. Throws a problem if it does not parse. */
  run: (text: string, compiler: Compiler) => void;
}): Listing {
  const print = source.firstElementChild!;
  const state = element("span", {class: "state", "aria-live": "polite"});
  const resetButton = element("button", {type: "button", class: "button"}, "Reset");
  const runButton = element("button", {type: "button", class: "button primary"}, "Run ");
  runButton.append(element("kbd", {"aria-hidden": "true"}, "⇧⏎"));
  const diffButton = element(
    "button",
    {type: "button", class: "button", "aria-expanded": "false"},
    "Difference",
  );
  const tools = element(
    "div",
    {class: "edit-tools"},
    state,
    diffButton,
    resetButton,
    runButton,
  );
  /** What the book had here when it was edited, if that is something else than now. */
  let editedFrom = original;
  let shownDifference: HTMLElement | null = null;

  let opening: Promise<Editor> | null = null;
  let editor: Editor | null = null;
  let text = original;
  let running = inForce;
  let failure: Failure | null = null;

  source.setAttribute("aria-label", `${label}. Press Enter to edit.`);
  source.addEventListener("pointerenter", () => void import("./editor.ts"), {once: true});
  source.addEventListener("focus", () => void import("./editor.ts"), {once: true});
  source.addEventListener("click", (event) => {
    if (!editor && !hasSelection())
      void open().then((it) => it.focus({x: event.clientX, y: event.clientY}));
  });
  source.addEventListener("keydown", (event) => {
    if (event.target !== source || event.key !== "Enter") return;
    event.preventDefault();
    void open().then((it) => it.focus());
  });
  runButton.addEventListener("click", () => void runNow());
  resetButton.addEventListener("click", () => void reset());
  diffButton.addEventListener("click", () => void toggleDifference());

  return {id, text: () => text, mark, reset, restore};

  function open(): Promise<Editor> {
    return (opening ??= import("./editor.ts").then(({openEditor}) => {
      print.remove();
      source.classList.add("editing");
      source.removeAttribute("tabindex");
      editor = openEditor({
        parent: source,
        text,
        label,
        about: {id, texts},
        onChange: changed,
        onRun: () => void runNow(),
        onLeave: leave,
      });
      placeTools();
      show();
      showFailure();
      void import("./compiler.ts");
      return editor;
    }));
  }

  function placeTools(): void {
    const caption = source.parentElement?.querySelector("figcaption");
    if (caption) caption.append(tools);
    else source.after(tools);
  }

  function changed(next: string): void {
    text = next;
    if (text === original) removeEdit(chapter, id);
    else writeEdit(chapter, id, {text, original: editedFrom});
    show();
    if (shownDifference) void showDifference();
  }

  async function toggleDifference(): Promise<void> {
    if (shownDifference) hideDifference();
    else await showDifference();
  }

  /** Below the listing: what the book has, and what the reader has made of it. */
  async function showDifference(): Promise<void> {
    const {difference} = await import("./difference.ts");
    const next = difference(original, text);
    if (shownDifference) shownDifference.replaceWith(next);
    else source.after(next);
    shownDifference = next;
    diffButton.setAttribute("aria-expanded", "true");
  }

  function hideDifference(): void {
    shownDifference?.remove();
    shownDifference = null;
    diffButton.setAttribute("aria-expanded", "false");
  }

  async function runNow(): Promise<void> {
    const compiler = await import("./compiler.ts");
    mark(null);
    try {
      run(text, compiler);
      running = text;
    } catch (error) {
      mark(error as Failure);
    }
    show();
  }

  async function reset(): Promise<void> {
    editedFrom = original;
    hideDifference();
    editor?.setText(original);
    changed(original);
    await runNow();
  }

  async function restore(): Promise<void> {
    const edit = readEdit(chapter, id);
    if (edit === null || edit.text === original) return;
    text = edit.text;
    editedFrom = edit.original;
    await open();
    if (running !== text) await runNow();
  }

  /** Esc: the focus goes back to the listing; an unchanged one becomes print again. */
  function leave(): void {
    source.tabIndex = 0;
    if (text === original && running === original && failure === null) {
      editor?.destroy();
      editor = opening = null;
      tools.remove();
      source.classList.remove("editing");
      source.append(print);
    }
    source.focus();
  }

  function mark(next: Failure | null): void {
    failure = next;
    showFailure();
  }

  function showFailure(): void {
    for (const old of print.querySelectorAll(".wrong-line")) old.classList.remove("wrong-line");
    for (const old of print.querySelectorAll(".under-line")) old.remove();
    if (failure?.line === undefined)
      return editor?.mark(failure && {message: failure.message, line: 1});
    editor?.mark({message: failure.message, line: failure.line});
    const line = print.querySelectorAll(".line")[failure.line - 1];
    line?.classList.add("wrong-line");
    line?.after(element("span", {class: "problem under-line", role: "alert"}, failure.message));
  }

  function show(): void {
    const isEdited = text !== original;
    const words = [
      text !== running ? "not run yet" : isEdited ? "edited" : "",
      isEdited && editedFrom !== original ? "the book has changed here since" : "",
    ];
    state.textContent = words.filter((word) => word !== "").join(" · ");
    diffButton.hidden = !isEdited;
    if (!isEdited) hideDifference();
    resetButton.hidden = !isEdited && running === original;
  }
}

/** The reader is marking text to copy it, not asking for an editor. */
function hasSelection(): boolean {
  return getSelection()?.isCollapsed === false;
}
