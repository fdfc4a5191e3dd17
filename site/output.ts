// The place in the page where a cell shows itself: values, or what went wrong.

import type {Sink} from "../src/book/dataflow.ts";
import {element} from "./html.ts";
import {inspect, inspectInline} from "./inspect.ts";

export type Output = Omit<Sink, "failed"> & {
  /** Shows what went wrong, as a sentence; in the middle of another, as briefly as it can be said. */
  fail(message: string, brief?: string): void;
};

export function createOutput(slot: HTMLElement, isInline: boolean): Output {
  const problem = element(isInline ? "span" : "p", {class: "problem"});
  const shown = isInline ? inspectInline : inspect;
  return {
    pending() {
      slot.classList.add("pending");
      delete slot.dataset["progress"];
      problem.remove();
    },
    clear() {
      slot.replaceChildren();
    },
    show(value) {
      slot.append(shown(value));
    },
    progress(text) {
      slot.dataset["progress"] = text;
    },
    done() {
      slot.classList.remove("pending");
      problem.remove();
    },
    fail(message, brief = message) {
      slot.classList.remove("pending");
      problem.textContent = isInline ? brief : message;
      if (isInline) problem.title = message;
      slot.append(problem);
    },
  };
}

/** For a cell that has no place in the page. */
export const NOWHERE: Output = {
  pending() {},
  clear() {},
  show() {},
  progress() {},
  done() {},
  fail() {},
};
