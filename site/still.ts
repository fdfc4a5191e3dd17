// A still of memory: the struct pages and page tables of a trace as of one step, without its timeline.

import type {Trace} from "../src/explore/trace.ts";
import {held} from "./timeline-held.ts";
import {html} from "./timeline-elements.ts";
import {memory as draw} from "./timeline-memory.ts";
import "./timeline.css";

/** `at` is the step that has just been made, counted from 0: -1 is before the first; the last, if it is not given. */
export function memory(
  trace: Trace,
  {at = trace.steps.length - 1}: {at?: number} = {},
): HTMLElement {
  const drawn = draw(trace, held(trace));
  drawn.element.setAttribute("aria-label", "memory");
  drawn.show(Math.min(at, trace.steps.length - 1));
  return html("figure", {class: "timeline still"}, drawn.element);
}
