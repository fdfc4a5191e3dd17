// Drawing the lanes: one for each CPU, a mark for each step, under them bars for what the CPU holds, across them
// the cursor. The marks tell by their shape what a step did and by their filling whether it has been taken.

import {drainOfStore, isBuffered, isDrain} from "../src/explore/buffered_steps.ts";
import type {Step, Trace} from "../src/explore/trace.ts";
import {breakable, cpuLabel, html, paint, svg} from "./timeline-elements.ts";
import type {Held} from "./timeline-held.ts";
import {along, type Layout, layoutLanes, stepNear, xy} from "./timeline-layout.ts";
import {neighbours, overtaken, runs, wordOf, writesWord} from "./timeline-steps.ts";
import {cpuName, findingsAt} from "./timeline-words.ts";

export type Lanes = {
  /** As high as it will be, and empty until it is drawn. */
  readonly element: HTMLElement;
  /** Draws the step that is shown; what is not in sight of it comes there with the next `show`. */
  draw(): void;
  /** Draws anew, for time to run down or to the right, if it does not yet. */
  turn(turned: boolean): void;
  show(at: number): void;
};

/** A circle reads, a diamond writes, a stroke is seen by nobody else; a store goes down into a buffer, and up from there into memory. */
const shapes = {
  read: "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z",
  write: "M0 -6L6 0L0 6L-6 0z",
  aside: "M-1.5 -5.5h3v11h-3z",
  buffered: "M-5.5 -4H5.5L0 5.5z",
  drained: "M-5.5 4H5.5L0 -5.5z",
};
type Shape = keyof typeof shapes;

function shapeOf(step: Step): Shape {
  if (isBuffered(step)) return "buffered";
  if (isDrain(step)) return "drained";
  if (!step.shared && step.changes.length === 0) return "aside";
  return writesWord(step, wordOf(step)) ? "write" : "read";
}

/** One mark of each shape, for the explanation beside the figure. */
export function sampleMark(shape: Shape, hollow = false): SVGSVGElement {
  const mark = svg("path", {d: shapes[shape], class: hollow ? "mark future" : "mark"});
  return svg(
    "svg",
    {viewBox: "-8 -8 16 16", width: 16, height: 16, "aria-hidden": "true"},
    mark,
  );
}

function path(layout: Layout, points: readonly (readonly [number, number])[]): string {
  return `M${points.map(([time, across]) => xy(layout, time, across).join(" ")).join("L")}`;
}

/** From the mark of one step to that of another, leaving and arriving in the direction of time. */
function curve(layout: Layout, trace: Trace, from: number, to: number): string {
  const [time0, time1] = [along(layout, from), along(layout, to)];
  const lane = (i: number): number => layout.lanes[trace.steps[i].thread] ?? 0;
  const middle = (time0 + time1) / 2;
  const [a, b, c, d] = [
    xy(layout, time0, lane(from)),
    xy(layout, middle, lane(from)),
    xy(layout, middle, lane(to)),
    xy(layout, time1, lane(to)),
  ];
  return `M${a.join(" ")}C${b.join(" ")} ${c.join(" ")} ${d.join(" ")}`;
}

/** The same between steps of one CPU: beside its lane. */
function arc(layout: Layout, trace: Trace, from: number, to: number): string {
  const [time0, time1] = [along(layout, from), along(layout, to)];
  const lane = layout.lanes[trace.steps[from].thread] ?? 0;
  const [a, b, c] = [
    xy(layout, time0, lane),
    xy(layout, (time0 + time1) / 2, lane - 24),
    xy(layout, time1, lane),
  ];
  return `M${a.join(" ")}Q${b.join(" ")} ${c.join(" ")}`;
}

function place(element: HTMLElement, layout: Layout, time: number, across: number): void {
  const [left, top] = xy(layout, time, across);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}

function size(element: HTMLElement, layout: Layout, length: number, breadth: number): void {
  const [width, height] = xy(layout, length, breadth);
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
}

function drawBars(layout: Layout): HTMLElement[] {
  return layout.bars.map((bar) => {
    const room = !layout.turned && bar.end - bar.start > 50;
    const label = room ? [html("span", {}, bar.name)] : [];
    const box = html("div", {class: `timeline-bar ${bar.what}`, title: bar.name}, ...label);
    place(box, layout, bar.start, bar.across);
    size(box, layout, bar.end - bar.start, layout.barBreadth);
    return paint(box, bar.thread);
  });
}

function drawMarks(trace: Trace, layout: Layout): SVGPathElement[] {
  return trace.steps.map((step, i) => {
    const [x, y] = xy(layout, along(layout, i), layout.lanes[step.thread] ?? 0);
    const mark = svg("path", {d: shapes[shapeOf(step)], transform: `translate(${x} ${y})`});
    return paint(mark, step.thread);
  });
}

/** A line for each lane, thicker where its CPU runs, and thin strokes where another CPU takes over. */
function drawTracks(trace: Trace, layout: Layout): SVGElement[] {
  const lines = layout.lanes.map((lane) =>
    svg("path", {
      class: "timeline-track",
      d: path(layout, [
        [0, lane],
        [layout.length, lane],
      ]),
    }),
  );
  const all = runs(trace);
  const own = all.map(({thread, from, to}) => {
    const lane = layout.lanes[thread] ?? 0;
    const d = path(layout, [
      [along(layout, from), lane],
      [along(layout, to), lane],
    ]);
    return paint(svg("path", {class: "timeline-run", d}), thread);
  });
  const switches = all.slice(1).map(({from}) => {
    return svg("path", {class: "timeline-switch", d: curve(layout, trace, from - 1, from)});
  });
  return [...lines, ...switches, ...own];
}

/** A ring and a word where something was found. */
function drawFindings(trace: Trace, layout: Layout): SVGElement[] {
  return trace.steps.flatMap((step, i) => {
    const [first] = findingsAt(trace, i);
    if (!first) return [];
    const [x, y] = xy(layout, along(layout, i), layout.lanes[step.thread] ?? 0);
    const ring = svg("circle", {cx: x, cy: y, r: 10});
    const word = step.kind === "BUG" ? "BUG" : "found";
    const label = svg("text", {x, y: y - 15, "text-anchor": "middle"}, word);
    return [svg("g", {class: "timeline-found"}, ring, ...(layout.turned ? [] : [label]))];
  });
}

/** Every tenth step has its number; turned, every step has its line of text. */
function drawNotes(trace: Trace, layout: Layout): HTMLElement[] {
  if (!layout.turned) {
    const tens = [...trace.steps.keys()].filter((i) => i === 0 || i % 10 === 9);
    return tens.map((i) => {
      const note = html("span", {class: "timeline-number"}, String(i + 1));
      place(note, layout, along(layout, i), 0);
      return note;
    });
  }
  return trace.steps.map((step, i) => {
    const note = html("span", {class: "timeline-note"}, ...breakable(step.text));
    note.style.top = `${along(layout, i)}px`;
    note.style.left = `${layout.breadth}px`;
    return paint(note, step.thread);
  });
}

/** Where the reader has left the run. */
function drawFork(layout: Layout, step: number): HTMLElement {
  const fork = html("div", {class: "timeline-fork"}, html("span", {}, "your branch"));
  const time = along(layout, step) - layout.pitch / 2;
  if (layout.turned) fork.style.top = `${time}px`;
  else fork.style.left = `${time}px`;
  return fork;
}

function drawHeads(trace: Trace, layout: Layout): HTMLElement[] {
  return trace.threads.map(({name}, thread) => {
    const head = html("div", {class: "timeline-head"}, cpuLabel(thread, cpuName(thread)));
    if (!layout.turned) head.append(html("small", {}, name));
    const lane = layout.lanes[thread] ?? 0;
    if (layout.turned) head.style.left = `${lane}px`;
    else head.style.top = `${lane}px`;
    return head;
  });
}

/** The links of step `at`: to its neighbours on other CPUs and between a store and when it reaches memory; or, at a finding, to what has been overtaken. */
function drawLinks(trace: Trace, layout: Layout, at: number): SVGElement[] {
  const link = (from: number, to: number, kind: string): SVGElement =>
    svg("path", {class: `timeline-link ${kind}`, d: curve(layout, trace, from, to)});

  const [finding] = findingsAt(trace, at);
  if (finding) {
    const stale = overtaken(trace, finding.thread, at).slice(0, 3);
    return stale.map(({read, changed}) => link(read, changed, "overtaken"));
  }
  const {before, after} = neighbours(trace, at);
  return [
    ...drawWay(trace, layout, at),
    ...(before >= 0 ? [link(before, at, "conflict")] : []),
    ...(after >= 0 ? [link(at, after, "conflict")] : []),
  ];
}

/** From a store that waits to the step at which it reaches memory, where `at` is one of the two. */
function drawWay(trace: Trace, layout: Layout, at: number): SVGElement[] {
  const stored = trace.steps[at]?.drains ?? at;
  const seen = drainOfStore(trace, stored);
  if (seen < 0) return [];
  const way = svg("path", {class: "timeline-link way", d: arc(layout, trace, stored, seen)});
  return [paint(way, trace.steps[stored].thread)];
}

export type LanesOptions = {
  go(step: number): void;
  /** The first step of a branch, or -1. */
  readonly branch?: number;
  /** Whether time runs down. */
  readonly turned?: boolean;
};

export function lanes(
  trace: Trace,
  all: readonly Held[],
  {go, branch = -1, turned: isTurned = false}: LanesOptions,
): Lanes {
  const label = "the steps of each CPU; arrow keys take a step back or forward";
  const element = html("div", {class: "timeline-lanes", tabindex: 0, role: "group"});
  element.setAttribute("aria-label", label);

  let layout = layoutLanes(trace, all, isTurned);
  let marks: SVGPathElement[] = [];
  let plane = html("div");
  let cursor = html("div");
  let links = svg("g");
  let notes: HTMLElement[] = [];
  let shown = 0;
  /** The step that the marks show; -1 where they are new. */
  let marked = -1;

  keepRoom();

  function keepRoom(): void {
    const [, height] = xy(layout, layout.length, layout.breadth);
    element.style.height = `${height}px`;
    element.classList.toggle("turned", layout.turned);
  }

  function turn(turned: boolean): void {
    if (turned === layout.turned) return;
    layout = layoutLanes(trace, all, turned);
    keepRoom();
    if (marks.length > 0) draw();
  }

  function draw(): void {
    const {turned} = layout;
    marked = -1;
    marks = drawMarks(trace, layout);
    links = svg("g");
    notes = drawNotes(trace, layout);
    cursor = html("div", {class: "timeline-cursor"});
    const [width, height] = xy(layout, layout.length, layout.breadth);
    const extent = {width, height, "aria-hidden": "true"};
    const ground = svg("svg", {...extent, class: "ground"}, ...drawTracks(trace, layout));
    const picture = svg("svg", extent, links, ...marks, ...drawFindings(trace, layout));
    const fork = branch < 0 ? [] : [drawFork(layout, branch)];
    const layers = [ground, ...drawBars(layout), ...fork, cursor, picture, ...notes];
    plane = html("div", {class: "timeline-plane"}, ...layers);
    if (turned) plane.style.height = `${height}px`;
    else size(plane, layout, layout.length, layout.breadth);
    const heads = html("div", {class: "timeline-heads"}, ...drawHeads(trace, layout));
    plane.addEventListener("click", (event) => {
      const box = plane.getBoundingClientRect();
      const time = turned ? event.clientY - box.top : event.clientX - box.left;
      go(stepNear(layout, time, trace.steps.length));
    });
    element.style.height = "";
    element.replaceChildren(heads, plane);
    mark(shown);
  }

  function mark(at: number): void {
    const thread = trace.steps[at]?.thread ?? 0;
    // Most marks are as they were: a step changes two of them.
    const [from, to] = marked < 0 ? [0, marks.length - 1] : [marked, at].sort((a, b) => a - b);
    for (let i = from; i <= to; i++) {
      const when = i === at ? "current" : i < at ? "past" : "future";
      marks[i].setAttribute("class", `mark ${when}`);
      if (layout.turned) notes[i].className = `timeline-note ${when}`;
    }
    marked = at;
    links.replaceChildren(...drawLinks(trace, layout, at));
    paint(cursor, thread);
    const [x, y] = xy(layout, along(layout, at), 0);
    cursor.style.transform = `translate(${x}px, ${y}px)`;
  }

  function show(at: number): void {
    shown = at;
    if (marks.length === 0) return;
    mark(at);
    follow(element, layout, along(layout, at));
  }

  return {element, draw, turn, show};
}

/** Scrolls no further than it takes to keep the current step away from the edges. */
function follow(scroller: HTMLElement, {turned}: Layout, time: number): void {
  const heads = scroller.firstElementChild as HTMLElement;
  const taken = turned ? heads.offsetHeight : heads.offsetWidth;
  const room = (turned ? scroller.clientHeight : scroller.clientWidth) - taken;
  const margin = room / 4;
  const now = turned ? scroller.scrollTop : scroller.scrollLeft;
  const wanted = Math.min(Math.max(now, time - room + margin), Math.max(time - margin, 0));
  if (turned) scroller.scrollTop = wanted;
  else scroller.scrollLeft = wanted;
}
