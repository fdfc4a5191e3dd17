// Beside the memory: what each CPU has stored and the others do not see yet, the oldest first. Not there where processors take turns.

import {buffersAt, isBuffered, type BufferEntry} from "../src/explore/buffered_steps.ts";
import type {Trace} from "../src/explore/trace.ts";
import {breakable, cpuLabel, html} from "./timeline-elements.ts";
import {cpuName, stepName} from "./timeline-words.ts";

const REMARKS: Readonly<Record<BufferEntry["is"], string>> = {
  store: "from ",
  release: "a release, which leaves behind all that stands before it, from ",
  barrier: "no store passes it, from ",
};

export type BuffersView = {readonly element: HTMLElement; show(at: number): void};

/** Null for a run in which no store ever waits. */
export function buffers(trace: Trace): BuffersView | null {
  if (!trace.steps.some(isBuffered)) return null;
  const boxes = trace.threads.map((_, cpu) => {
    const list = html("ol");
    const heading = html(
      "b",
      {},
      cpuLabel(cpu, cpuName(cpu)),
      " has stored, and nobody else sees it yet",
    );
    return {list, element: html("div", {class: "timeline-buffer"}, heading, list)};
  });
  const element = html(
    "div",
    {class: "timeline-buffers", role: "group", "aria-label": "store buffers after this step"},
    ...boxes.map((box) => box.element),
  );

  function show(at: number): void {
    buffersAt(trace, at).forEach((waiting, cpu) => {
      const {list, element: box} = boxes[cpu];
      box.hidden = waiting.length === 0;
      list.replaceChildren(
        ...waiting.map(({is, step, text}) =>
          html(
            "li",
            {class: is},
            ...breakable(text),
            html("small", {}, ` ${REMARKS[is]}${stepName(step)}`),
          ),
        ),
      );
    });
  }
  return {element, show};
}
