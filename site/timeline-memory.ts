// The memory as of a step: the struct pages and page tables of the story first (timeline-cards.ts), then locks, lists and whatever
// else some step touches, a heading for each structure.

import {isBuffered} from "../src/explore/buffered_steps.ts";
import type {Step, Trace} from "../src/explore/trace.ts";
import {buffers} from "./timeline-buffers.ts";
import {cards} from "./timeline-cards.ts";
import {breakable, html, paint} from "./timeline-elements.ts";
import type {Held} from "./timeline-held.ts";
import {type Group, groupWords, stateAt, type WordState} from "./timeline-state.ts";
import {holdersOf} from "./timeline-story.ts";
import {drawValue} from "./timeline-values.ts";
import {cpuName} from "./timeline-words.ts";
import "./timeline-memory.css";

export type MemoryView = {readonly element: HTMLElement; show(at: number): void};

/** What a step did to the words it touched: the CPU, and a verb for those it left as they were. */
type Doing = {readonly thread: number; readonly otherwise: string};

type Box = {
  readonly element: HTMLElement;
  show(state: readonly WordState[], doing: Doing, holders: (word: number) => string): void;
};

/** What happens to a group in this step, in a word or two. */
function happening(states: readonly WordState[], {thread, otherwise}: Doing): string {
  if (states.some(({before}) => before !== null)) return `${cpuName(thread)} changes`;
  return states.some(({touched}) => touched) ? `${cpuName(thread)} ${otherwise}` : "";
}

/** What a step did to a word that is as it was. */
function otherwiseOf(step: Step | undefined): string {
  if (step && isBuffered(step)) return "stores, into its buffer";
  return step?.observed == null ? "writes the same" : "reads";
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

  function show(
    state: readonly WordState[],
    doing: Doing,
    holders: (word: number) => string,
  ): void {
    for (const each of values) {
      const by = holders(each.word);
      // Most words are as they were one step ago.
      const shown = JSON.stringify([state[each.word], by]);
      if (shown === each.shown) continue;
      each.shown = shown;
      drawValue(each.value, state[each.word]);
      if (by) each.value.append(`: ${by}`);
    }
    const now = happening(
      words.map(({word}) => state[word]),
      doing,
    );
    status.textContent = now;
    element.classList.toggle("touched", now !== "");
    paint(element, doing.thread);
  }
  return {element, show};
}

/** Folded away until somebody asks. */
function drawFolded(
  groups: readonly Group[],
  name: string,
  title: (words: string) => string,
): {element: HTMLElement | null; boxes: Box[]} {
  if (groups.length === 0) return {element: null, boxes: []};
  const boxes = groups.map(drawGroup);
  const count = groups.reduce((sum, {words}) => sum + words.length, 0);
  const summary = html("summary", {}, title(`${count} ${count === 1 ? "word" : "words"}`));
  const grid = html("div", {class: "timeline-groups"}, ...boxes.map(({element}) => element));
  return {element: html("details", {class: name}, summary, grid), boxes};
}

export function memory(trace: Trace, all: readonly Held[]): MemoryView {
  const story = cards(trace, all);
  const groups = groupWords(trace, (word) => !story?.words.has(word));
  const others = groups.others.map(drawGroup);
  const fields = drawFolded(
    groups.pages,
    "timeline-fields",
    (words) => `${words} more of the struct pages`,
  );
  const quiet = drawFolded(
    groups.quiet,
    "timeline-quiet",
    (words) => `${words} that no step touches`,
  );
  const waiting = buffers(trace);
  const boxes = [...others, ...fields.boxes, ...quiet.boxes];
  const element = html(
    "div",
    {class: "timeline-memory", role: "group", "aria-label": "memory after this step"},
    ...(waiting ? [waiting.element] : []),
    ...(story ? [story.element] : []),
    html("div", {class: "timeline-groups"}, ...others.map((box) => box.element)),
    ...[fields.element, quiet.element].filter((each) => each !== null),
  );

  function show(at: number): void {
    const state = stateAt(trace, at);
    const step = trace.steps[at];
    const doing = {thread: step?.thread ?? 0, otherwise: otherwiseOf(step)};
    const holders = (word: number): string => holdersOf(trace.words[word].name, all, at);
    waiting?.show(at);
    story?.show(at, state);
    for (const box of boxes) box.show(state, doing, holders);
  }
  return {element, show};
}
