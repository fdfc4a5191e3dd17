// A listing that can be edited. It looks like print until it is clicked; then an editor opens in its place, with
// Run and Reset. What was typed is kept, and is there again after a reload.

import type {Editor} from "./editor.ts";
import {element} from "./html.ts";
import {loaded} from "./loaded.ts";
import {pressed} from "./presses.ts";
import {markPrinted, type Stand} from "./standing.ts";
import type {Failure} from "./failure.ts";
import {drawn} from "./slices.ts";
import type {ChapterText} from "./types.ts";
import {readEdit, removeEdit, writeEdit} from "./storage.ts";

type Compiler = typeof import("./compiler.ts");
const loadCompiler = loaded<Compiler>(() => import("./compiler.ts"));

export type Listing = {
  readonly id: string;
  /** As it stands now, run or not. */
  text(): string;
  /** Shows a failure under its line, or takes the last one away. */
  mark(failure: Failure | null): void;
  /** Shows where the current step of a timeline stands, or that it stands nowhere here. */
  stand(stand: Stand | null): void;
  /** Says that what stands below is out of date, or with null that it no longer is. */
  markStale(words: string | null): void;
  /** Opens it as a click does. */
  open(): Promise<void>;
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
  isHeld = false,
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
  /** The page died while the kept text ran: it is shown, and run only when its reader says so. */
  isHeld?: boolean;
  /** All texts of the chapter, this one among them. */
  texts: () => readonly ChapterText[];
  /** Takes a text into use. Throws a problem if it does not parse. */
  run: (text: string, compiler: Compiler) => void;
}): Listing {
  const print = source.firstElementChild!;
  /** Made when the listing is first opened: a chapter has dozens that never are. */
  let tools: Tools | null = null;
  /** Asks whether a text that did not come back is to run. */
  let question: HTMLElement | null = null;
  /** What the book had here when it was edited, if that is something else than now. */
  let editedFrom = original;
  let shownDifference: HTMLElement | null = null;

  let opening: Promise<Editor> | null = null;
  let editor: Editor | null = null;
  let text = original;
  let running = inForce;
  let failure: Failure | null = null;
  let standing: Stand | null = null;
  let stale: string | null = null;

  source.setAttribute("aria-label", `${label}. Press Enter to edit.`);
  for (const coming of ["pointerenter", "focus"])
    source.addEventListener(coming, () => void import("./editor.ts").catch(() => {}), {
      once: true,
    });
  source.addEventListener("click", (event) => {
    if (!editor && !hasSelection())
      void open().then((it) => it.focus({x: event.clientX, y: event.clientY}));
  });
  source.addEventListener("keydown", (event) => {
    if (event.target !== source || event.key !== "Enter") return;
    event.preventDefault();
    void open().then((it) => it.focus());
  });

  return {
    id,
    text: () => text,
    mark,
    markStale,
    stand,
    reset,
    restore,
    open: async () => (await open()).focus(),
  };

  function open(): Promise<Editor> {
    return (opening ??= pressed(beginEditing()));
  }

  async function beginEditing(): Promise<Editor> {
    const {openEditor} = await import("./editor.ts");
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
    // An editor that is told anything at all looks where everything stands.
    if (failure) showFailure();
    if (standing) showStand();
    void drawn()
      .then(loadCompiler)
      .then(({rehearse}) => rehearse(text));
    return editor;
  }

  function placeTools(): void {
    tools ??= createTools({
      onRun: () => void runNow(),
      onReset: () => void reset(),
      onDifference: () => void toggleDifference(),
    });
    const caption = source.parentElement?.querySelector("figcaption");
    if (caption) caption.append(tools.element);
    else source.after(tools.element);
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
    tools?.difference.setAttribute("aria-expanded", "true");
  }

  function hideDifference(): void {
    shownDifference?.remove();
    shownDifference = null;
    tools?.difference.setAttribute("aria-expanded", "false");
  }

  async function runNow(): Promise<void> {
    const compiler = await loadCompiler();
    mark(null);
    question?.remove();
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
    if (isHeld) source.before((question = whetherToRun()));
    else if (running !== text) await runNow();
  }

  /** Esc: the focus goes back to the listing; an unchanged one becomes print again. */
  function leave(): void {
    source.tabIndex = 0;
    if (text === original && running === original && failure === null) {
      editor?.destroy();
      editor = opening = null;
      tools?.element.remove();
      source.classList.remove("editing");
      source.append(print);
    }
    source.focus();
  }

  function markStale(words: string | null): void {
    if (words === stale) return;
    stale = words;
    source.parentElement?.classList.toggle("stale", words !== null);
    show();
  }

  function mark(next: Failure | null): void {
    // Who has run a cell waits, and an editor that is told looks where everything stands.
    if (next === null && failure === null) return;
    failure = next;
    showFailure();
  }

  function stand(next: Stand | null): void {
    standing = next;
    showStand();
  }

  /** In both: the print is there again when the editor closes. */
  function showStand(): void {
    markPrinted(print, standing);
    editor?.stand(standing);
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
    if (!tools) return;
    const isEdited = text !== original;
    const words = [
      text !== running ? "not run yet" : isEdited ? "edited" : "",
      stale ?? "",
      isEdited && editedFrom !== original ? "the book has changed here since" : "",
    ];
    tools.state.textContent = words.filter((word) => word !== "").join(" · ");
    tools.difference.hidden = !isEdited;
    if (!isEdited) hideDifference();
    tools.reset.hidden = !isEdited && running === original;
  }
}

function whetherToRun(): HTMLElement {
  return element(
    "p",
    {class: "held", role: "status"},
    "This cell did not come back last time: the page had to be closed while it ran. Your text is kept, and the book's own runs in its place. Change it, or run it again.",
  );
}

type Tools = {
  readonly element: HTMLElement;
  /** What is to be said of the text, in a few words. */
  readonly state: HTMLElement;
  readonly difference: HTMLElement;
  readonly reset: HTMLElement;
};

function createTools({
  onRun,
  onReset,
  onDifference,
}: {
  onRun: () => void;
  onReset: () => void;
  onDifference: () => void;
}): Tools {
  const state = element("span", {class: "state", "aria-live": "polite"});
  const reset = element("button", {type: "button", class: "button"}, "Reset");
  const run = element("button", {type: "button", class: "button primary"}, "Run ");
  run.append(element("kbd", {"aria-hidden": "true"}, "⇧⏎"));
  const difference = element(
    "button",
    {type: "button", class: "button", "aria-expanded": "false"},
    "Difference",
  );
  run.addEventListener("click", onRun);
  reset.addEventListener("click", onReset);
  difference.addEventListener("click", onDifference);
  const all = element("div", {class: "edit-tools"}, state, difference, reset, run);
  return {element: all, state, difference, reset};
}

/** The reader is marking text to copy it, not asking for an editor. */
function hasSelection(): boolean {
  return getSelection()?.isCollapsed === false;
}
