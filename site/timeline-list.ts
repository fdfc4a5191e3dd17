// The same story as a list of sentences, for those who read or listen rather than look; and what the marks and
// keys mean. Both are folded away until somebody asks.

import type {Trace} from "../src/explore/trace.ts";
import {html} from "./timeline-elements.ts";
import {sampleMark} from "./timeline-lanes.ts";
import {stepInWords} from "./timeline-words.ts";

export type StepList = {readonly element: HTMLElement; show(at: number): void};

export function stepList(trace: Trace): StepList {
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
      list.append(...[...trace.steps.keys()].map((i) => html("li", {}, stepInWords(trace, i))));
    }
    mark();
  });

  function show(at: number): void {
    current = at;
    if (element.open) mark();
  }
  return {element, show};
}

const keys = [
  ["←  →", "one step"],
  ["Shift ←  →", "to the switch of CPU"],
  ["Home  End", "first, last"],
  ["f", "to the finding"],
] as const;

export function legend(): HTMLElement {
  const marks = [
    html("li", {}, sampleMark("read"), "reads"),
    html("li", {}, sampleMark("write"), "writes"),
    html("li", {}, sampleMark("aside"), "no other CPU sees it"),
    html("li", {}, sampleMark("read", true), "not yet taken"),
  ];
  const rows = keys.map(([key, does]) => html("li", {}, html("kbd", {}, key), does));
  const lists = [html("ul", {}, ...marks), html("ul", {}, ...rows)];
  const summary = html("summary", {}, "marks and keys");
  return html("details", {class: "timeline-legend"}, summary, ...lists);
}
