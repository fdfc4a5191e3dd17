// The place in the page where a cell shows itself: values, or what went wrong, and for how long it is out of date.

import "./cells.css";
import type {Sink} from "../src/book/dataflow.ts";
import {element} from "./html.ts";
import {inspect, inspectInline, openedIn, type Opened} from "./inspect.ts";

export type Output = Omit<Sink, "failed"> & {
  /** The names that it waits for; none if it is the cell's own run that lasts. */
  waitsFor(names: readonly string[]): void;
  /** Shows what went wrong, as a sentence; in the middle of another, as briefly as it can be said. */
  fail(message: string, how?: {brief?: string | undefined; isStale?: boolean}): void;
  /** Its reader has stopped it. */
  stopped(): void;
};

/** A run that is shorter changes nothing that anybody sees. */
const PATIENCE_MS = 300;
/** Where nothing was shown before, nothing is out of date; and a page that begins has enough to do. */
const FIRST_PATIENCE_MS = 1000;

export function createOutput(
  slot: HTMLElement,
  isInline: boolean,
  {onStop, onRun}: {onStop: () => void; onRun: () => void},
): Output {
  const problem = element(isInline ? "span" : "p", {class: "problem"});
  let status: Status | null = null;
  let late: ReturnType<typeof setTimeout> | undefined;
  let patience = FIRST_PATIENCE_MS;
  let words = "";
  let wanted: readonly string[] = [];
  /** What was open in that which a new run takes the place of, one after the other. */
  let opened: Opened[] = [];

  return {
    pending() {
      slot.classList.add("pending");
      slot.setAttribute("aria-busy", "true");
      words = "";
      wanted = [];
      delete slot.dataset["progress"];
      problem.remove();
      late ??= setTimeout(() => {
        slot.classList.add("stale");
        status ??= createStatus(onStop);
        if (!isInline) slot.append(status.element);
        say();
      }, patience);
    },
    clear() {
      const shown = shownIn();
      opened = shown.map(openedIn);
      for (const node of shown) node.remove();
    },
    show(value) {
      const shown = isInline ? inspectInline(value) : inspect(value, opened.shift());
      if (status?.element.parentNode === slot) status.element.before(shown);
      else slot.append(shown);
    },
    progress(text) {
      words = text;
      slot.dataset["progress"] = text;
      say();
    },
    waitsFor(names) {
      if (String(names) === String(wanted)) return;
      wanted = names;
      say();
    },
    done() {
      settle();
      problem.remove();
    },
    fail(message, {brief = message, isStale = false} = {}) {
      settle();
      const hasOld = shownIn().length > 0;
      problem.replaceChildren(isInline ? brief : message);
      if (isInline) problem.title = message;
      else if (isStale && hasOld)
        problem.append(
          `${/[.?!)]$/.test(message) ? "" : "."} What stands here is from before.`,
        );
      if (isStale) slot.classList.add("stale");
      slot.append(problem);
    },
    stopped() {
      settle();
      const far = words === "" ? "" : ` (${words})`;
      if (isInline) problem.replaceChildren("(stopped)");
      else problem.replaceChildren(`stopped${far}. `, button("Run again", onRun));
      slot.append(problem);
    },
  };

  function shownIn(): ChildNode[] {
    return [...slot.childNodes].filter((node) => node !== status?.element && node !== problem);
  }

  function say(): void {
    if (!status) return;
    status.said.textContent =
      wanted.length > 0 ? `out of date: waits for ${wanted.join(", ")}` : words || "running…";
    status.stop.hidden = wanted.length > 0;
  }

  function settle(): void {
    clearTimeout(late);
    late = undefined;
    patience = PATIENCE_MS;
    slot.classList.remove("pending", "stale");
    slot.removeAttribute("aria-busy");
    status?.element.remove();
  }
}

type Status = {
  readonly element: HTMLElement;
  readonly said: HTMLElement;
  readonly stop: HTMLElement;
};

/** Numbers that change all the time are for the eye: nobody wants them read out. */
function createStatus(onStop: () => void): Status {
  const said = element("span", {});
  const stop = button("Stop", onStop);
  const all = element("p", {class: "run-status", "aria-live": "off"}, said, stop);
  return {element: all, said, stop};
}

function button(label: string, onClick: () => void): HTMLButtonElement {
  const made = element("button", {type: "button", class: "button"}, label);
  made.addEventListener("click", onClick);
  return made;
}

/** For a cell that has no place in the page. */
export const NOWHERE: Output = {
  pending() {},
  clear() {},
  show() {},
  progress() {},
  waitsFor() {},
  done() {},
  fail() {},
  stopped() {},
};
