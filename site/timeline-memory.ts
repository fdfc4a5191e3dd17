// Drawing the memory as of a step: a card for each struct page, lists for page tables and locks. What the step
// changed is bold, with its old value struck out beside it; a frozen page has a heavy border.

import type {Trace} from "../src/explore/trace.ts";
import {breakable, html, paint} from "./timeline-elements.ts";
import {type Held, heldAt} from "./timeline-held.ts";
import {type Group, groupWords, memoryAt, type WordState} from "./timeline-state.ts";
import {cpuName} from "./timeline-words.ts";

export type MemoryView = {readonly element: HTMLElement; show(at: number): void};

/** What a step did to the words it touched: the CPU, and a verb for those it left as they were. */
type Doing = {readonly thread: number; readonly otherwise: string};

type Box = {
  readonly element: HTMLElement;
  show(state: readonly WordState[], doing: Doing, frozen: ReadonlySet<string>): void;
};

function drawValue(value: HTMLElement, {text, before, touched}: WordState): void {
  if (before === null) {
    value.className = touched ? "read" : "";
    value.replaceChildren(...breakable(text));
    return;
  }
  value.className = "changed";
  const now = html("ins", {}, ...breakable(text));
  value.replaceChildren(html("del", {}, before), " ", now);
}

/** What happens to a group in this step, in a word or two. */
function happening(states: readonly WordState[], {thread, otherwise}: Doing): string {
  if (states.some(({before}) => before !== null)) return `${cpuName(thread)} changes`;
  return states.some(({touched}) => touched) ? `${cpuName(thread)} ${otherwise}` : "";
}

function drawGroup({name, words}: Group): Box {
  const values = words.map(({word, label}) => {
    const value = html("dd");
    const row = html("div", {}, html("dt", {}, ...breakable(label)), value);
    return {word, value, row, shown: ""};
  });
  const status = html("span", {class: "timeline-status"});
  const heading = html("div", {class: "timeline-heading"}, html("b", {}, name), status);
  const list = html("dl", {}, ...values.map(({row}) => row));
  const attributes = {class: "timeline-group", role: "group", "aria-label": name};
  const element = html("div", attributes, heading, list);

  function show(state: readonly WordState[], doing: Doing, frozen: ReadonlySet<string>): void {
    for (const each of values) {
      // Most words are as they were one step ago.
      const shown = JSON.stringify(state[each.word]);
      if (shown !== each.shown) drawValue(each.value, state[each.word]);
      each.shown = shown;
    }
    const now = happening(
      words.map(({word}) => state[word]),
      doing,
    );
    const isFrozen = frozen.has(name);
    const ice = isFrozen ? [html("strong", {}, "frozen")] : [];
    status.replaceChildren(...ice, isFrozen && now ? " · " : "", now);
    element.classList.toggle("frozen", isFrozen);
    element.classList.toggle("touched", now !== "");
    paint(element, doing.thread);
  }
  return {element, show};
}

function drawQuiet(groups: readonly Group[]): {element: HTMLElement | null; boxes: Box[]} {
  if (groups.length === 0) return {element: null, boxes: []};
  const boxes = groups.map(drawGroup);
  const count = groups.reduce((sum, {words}) => sum + words.length, 0);
  const title = `${count} ${count === 1 ? "word" : "words"} that no step touches`;
  const grid = html("div", {class: "timeline-groups"}, ...boxes.map(({element}) => element));
  return {element: html("details", {}, html("summary", {}, title), grid), boxes};
}

export function memory(trace: Trace, all: readonly Held[]): MemoryView {
  const groups = groupWords(trace);
  const pages = groups.pages.map(drawGroup);
  const others = groups.others.map(drawGroup);
  const quiet = drawQuiet(groups.quiet);
  const element = html(
    "div",
    {class: "timeline-memory", role: "group", "aria-label": "memory after this step"},
    html("div", {class: "timeline-groups pages"}, ...pages.map((box) => box.element)),
    html("div", {class: "timeline-groups"}, ...others.map((box) => box.element)),
    ...(quiet.element ? [quiet.element] : []),
  );

  function show(at: number): void {
    const state = memoryAt(trace, at);
    const step = trace.steps[at];
    const otherwise = step?.observed == null ? "writes the same" : "reads";
    const doing = {thread: step?.thread ?? 0, otherwise};
    const ice = heldAt(all, at).filter(({what}) => what === "frozen");
    const frozen = new Set(ice.map(({group}) => group));
    for (const box of [...pages, ...others, ...quiet.boxes]) box.show(state, doing, frozen);
  }
  return {element, show};
}
