// The same story as a list of sentences, for those who read or listen rather than look; and what the marks,
// lines and keys mean. Both are folded away until somebody asks.

import {isBuffered} from "../src/explore/buffered_steps.ts";
import type {Trace} from "../src/explore/trace.ts";
import {html} from "./timeline-elements.ts";
import {sampleMark} from "./timeline-lanes.ts";
import {stepInWords} from "./timeline-words.ts";

export type StepList = {readonly element: HTMLElement; show(at: number): void};

/** Told in the list before a step. */
export type Aside = {readonly step: number; readonly text: string};

export function stepList(trace: Trace, asides: readonly Aside[] = []): StepList {
  const list = html("ol", {tabindex: 0, "aria-label": "the steps in words"});
  const element = html("details", {class: "timeline-list"});
  element.append(html("summary", {}, "the steps in words"), list);
  let current = 0;

  function mark(): void {
    list.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const item = list.children[current] as HTMLElement | undefined;
    if (!item) return;
    item.setAttribute("aria-current", "step");
    list.scrollTop = item.offsetTop - list.clientHeight / 3;
  }

  // Hundreds of sentences that few readers open: written when they do.
  element.addEventListener("toggle", () => {
    if (!element.open) return;
    if (list.children.length === 0) {
      list.append(...[...trace.steps.keys()].map((i) => drawItem(trace, i, asides)));
    }
    mark();
  });

  function show(at: number): void {
    current = at;
    if (element.open) mark();
  }
  return {element, show};
}

function drawItem(trace: Trace, at: number, asides: readonly Aside[]): HTMLElement {
  const before = asides
    .filter(({step}) => step === at)
    .map(({text}) => html("em", {class: "timeline-aside"}, text, " "));
  return html("li", {}, ...before, stepInWords(trace, at));
}

const keys = [
  ["←  →", "one step"],
  ["Shift ←  →", "to the switch of CPU"],
  ["Home  End", "first, last"],
  ["f", "to the finding"],
  ["0  1  …", "let that CPU step"],
  ["g", "let your branch run on"],
  ["r", "from your branch to the run, and back"],
] as const;

const keysOfBuffers = [["b", "let the first store that waits reach memory"]] as const;

/** Marks and keys of store buffers only where a run has any. */
export function legend(trace: Trace): HTMLElement {
  const hasBuffers = trace.steps.some(isBuffered);
  const marks = [
    html("li", {}, sampleMark("read"), "reads"),
    html("li", {}, sampleMark("write"), "writes"),
    html("li", {}, sampleMark("aside"), "no other CPU sees it"),
    ...(hasBuffers
      ? [
          html("li", {}, sampleMark("buffered"), "stores, and only its own CPU sees it"),
          html("li", {}, sampleMark("drained"), "that store reaches memory"),
        ]
      : []),
    html("li", {}, sampleMark("read", true), "not yet taken"),
  ];
  const lines = [
    "a line goes from an entry of a page table to the page it maps",
    "a dashed one from a migration entry, which names a page and does not hold it",
    "a bracket joins tails to their head",
  ];
  const rows = [...keys, ...(hasBuffers ? keysOfBuffers : [])].map(([key, does]) =>
    html("li", {}, html("kbd", {}, key), does),
  );
  const memory = lines.map((line) => html("li", {}, line));
  const lists = [marks, memory, rows].map((items) => html("ul", {}, ...items));
  const summary = html("summary", {}, "marks, lines and keys");
  return html("details", {class: "timeline-legend"}, summary, ...lists);
}
