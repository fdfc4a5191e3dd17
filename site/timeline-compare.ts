// Two versions of the code on one schedule: both runs under one cursor, what each does at it, where they first part, and what has come
// to be different in memory.

import type {Trace} from "../src/explore/trace.ts";
import type {Both} from "./kernel.ts";
import {
  align,
  differs,
  firstDifference,
  kernelName,
  lastOf,
  type Row,
  sayDifference,
  unequalWords,
} from "./timeline-align.ts";
import {drawSentence} from "./timeline-caption.ts";
import {drawButton, type Move} from "./timeline-controls.ts";
import {breakable, cpuLabel, html, paint, svg} from "./timeline-elements.ts";
import type {Timeline} from "./timeline.ts";
import {cpuName, findingsAt, stepName} from "./timeline-words.ts";
import "./timeline.css";
import "./timeline-compare.css";

/** Rows shown above and below the current one. */
const AROUND = 4;

/** Its value is the row, counted from 0; it begins where the two first differ. */
export function compareTimelines({before, after}: Both): Timeline {
  const rows = align(before, after);
  const parting = firstDifference(before, after, rows);
  const last = rows.length - 1;
  const root = html("figure", {class: "timeline compared", tabindex: -1});
  const names = `${kernelName(before)} and ${kernelName(after)}`;
  root.setAttribute("aria-label", `${names} on one schedule of ${before.race}, step by step`);

  const told = html("p", {class: "timeline-parting"});
  told.append(...drawSentence(sayDifference(before, after, rows), go));
  const moves = movesAmong(last, parting);
  const counter = html("span", {class: "timeline-counter"});
  const group = html("div", {role: "group", "aria-label": "move through the steps"});
  const buttons = moves.map((move) => ({move, button: drawButton(move)}));
  for (const {move, button} of buttons)
    button.addEventListener("click", () => go(move.to(current)));
  group.append(...buttons.map(({button}) => button));
  const slider = rowSlider(last, go);
  const table = html("table", {class: "timeline-rows"});
  const unequal = html("div", {class: "timeline-unequal"});
  const status = html("p", {class: "timeline-status-line", role: "status"});
  root.append(
    told,
    html("div", {class: "timeline-controls"}, counter, group),
    html("div", {class: "timeline-slider"}, overview(before, after, rows, parting), slider),
    table,
    unequal,
    ends(before, after),
    status,
  );

  let current = -1;
  function show(row: number): boolean {
    const to = Math.min(Math.max(Math.round(row) || 0, 0), last);
    if (to === current) return false;
    current = to;
    counter.replaceChildren("Step ", html("b", {}, String(to + 1)), ` of ${rows.length}`);
    slider.value = String(to);
    slider.setAttribute("aria-valuetext", stepName(to));
    for (const {move, button} of buttons)
      button.setAttribute("aria-disabled", String(move.to(to) === to));
    table.replaceChildren(...drawRows(before, after, rows, to, parting));
    unequal.replaceChildren(...drawUnequal(before, after, rows, to));
    tellOfStep();
    return true;
  }

  function tellOfStep(): void {
    const {before: i, after: j} = rows[current];
    const detail = before.steps[i] ?? after.steps[j];
    root.dispatchEvent(new CustomEvent("step", {detail, bubbles: true}));
  }

  function go(row: number): void {
    if (!show(row)) return;
    const {before: i, after: j} = rows[current];
    const texts = [before.steps[i]?.text ?? "no step", after.steps[j]?.text ?? "no step"];
    const same = differs(before, after, rows[current]) ? texts.join("; ") : texts[0];
    status.textContent = `${stepName(current)}: ${same}`;
    root.dispatchEvent(new Event("input", {bubbles: true}));
  }

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const move = moves.find(({key}) => key === event.key);
    if (!move || ((event.target as HTMLElement).matches("input") && event.key !== "d")) return;
    event.preventDefault();
    go(move.to(current));
  });
  if (rows.length > 0) show(Math.max(parting, 0));
  return Object.defineProperty(root, "value", {
    get: () => current,
    set: (row: number) => void show(row),
  }) as Timeline;
}

function movesAmong(last: number, parting: number): Move[] {
  const all: Move[] = [
    {name: "first", key: "Home", icon: "M4 4V12M12 4L7 8L12 12", to: () => 0},
    {name: "back", key: "ArrowLeft", icon: "M10 4L6 8L10 12", to: (at) => Math.max(at - 1, 0)},
    {
      name: "forward",
      key: "ArrowRight",
      icon: "M6 4L10 8L6 12",
      to: (at) => Math.min(at + 1, last),
    },
    {name: "last", key: "End", icon: "M12 4V12M4 4L9 8L4 12", to: () => last},
  ];
  const first: Move = {
    name: "first difference",
    key: "d",
    icon: "M3 6H13M3 10H13M10 3L6 13",
    to: () => parting,
  };
  return parting < 0 ? all : [...all, first];
}

function rowSlider(last: number, go: (row: number) => void): HTMLInputElement {
  const input = html("input", {type: "range", min: 0, max: Math.max(last, 0), step: 1});
  input.setAttribute("aria-label", "step");
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    go(input.valueAsNumber);
  });
  return input;
}

/** Both runs as stripes, the first above; a stroke where they part. */
function overview(
  before: Trace,
  after: Trace,
  rows: readonly Row[],
  parting: number,
): SVGSVGElement {
  const stripe = (trace: Trace, side: keyof Row, y: number): SVGRectElement[] => {
    const threadAt = (row: number): number => trace.steps[rows[row]?.[side]]?.thread ?? -1;
    const starts = [...rows.keys()].filter((row) => threadAt(row) !== threadAt(row - 1));
    return starts.flatMap((x, i) => {
      const box = {x, y, width: (starts[i + 1] ?? rows.length) - x, height: 4};
      return threadAt(x) < 0 ? [] : [paint(svg("rect", box), threadAt(x))];
    });
  };
  const view = {viewBox: `0 0 ${rows.length} 12`, preserveAspectRatio: "none"};
  const strip = svg("svg", {...view, class: "timeline-overview", "aria-hidden": "true"});
  strip.append(...stripe(before, "before", 1), ...stripe(after, "after", 7));
  if (parting >= 0) strip.append(svg("path", {class: "found", d: `M${parting} 0V12`}));
  return strip;
}

function drawRows(
  before: Trace,
  after: Trace,
  rows: readonly Row[],
  at: number,
  parting: number,
): HTMLElement[] {
  const head = html(
    "tr",
    {},
    html("th", {scope: "col"}, "step"),
    ...[before, after].map((trace) =>
      html("th", {scope: "col"}, ...breakable(kernelName(trace).replaceAll("_", "_\u200b"))),
    ),
  );
  const first = Math.min(Math.max(at - AROUND, 0), Math.max(rows.length - 2 * AROUND - 1, 0));
  const shown = rows.slice(first, first + 2 * AROUND + 1).map((row, i) => {
    const number = first + i;
    const isDifferent = differs(before, after, row);
    const sign = number === parting ? " ≠ first" : isDifferent ? " ≠" : "";
    const line = html("tr", isDifferent ? {class: "different"} : {});
    if (number === at) line.setAttribute("aria-current", "step");
    line.append(
      html("th", {scope: "row"}, `${number + 1}${sign}`),
      drawCell(before, row.before, number === at),
      drawCell(after, row.after, number === at),
    );
    return line;
  });
  return [html("thead", {}, head), html("tbody", {}, ...shown)];
}

function drawCell(trace: Trace, at: number, isCurrent: boolean): HTMLElement {
  const step = trace.steps[at];
  if (!step) return html("td", {class: "gap"}, "–");
  const found = findingsAt(trace, at).map(({message}) =>
    html("b", {class: "timeline-wrong"}, "✕ ", ...breakable(message)),
  );
  const cell = html("td", {}, cpuLabel(step.thread, cpuName(step.thread)), " ");
  cell.append(html("code", {}, ...breakable(step.text)), ...found);
  const [place] = step.places;
  if (isCurrent && place)
    cell.append(
      html("small", {}, `${place.function}, `, ...breakable(`${place.file}:${place.line}`)),
    );
  return cell;
}

/** More than this nobody reads. */
const MOST_WORDS = 12;

function drawUnequal(
  before: Trace,
  after: Trace,
  rows: readonly Row[],
  at: number,
): HTMLElement[] {
  const words = unequalWords(before, after, rows, at);
  if (words.length === 0) return [html("p", {}, "Memory is the same in both here.")];
  const more = words.length > MOST_WORDS ? `, ${words.length - MOST_WORDS} more not shown` : "";
  const items = words
    .slice(0, MOST_WORDS)
    .map((word) =>
      html(
        "tr",
        {},
        html("th", {scope: "row"}, ...breakable(word.name)),
        html("td", {}, ...breakable(word.before)),
        html("td", {}, ...breakable(word.after)),
      ),
    );
  const steps = (["before", "after"] as const).map((side) => lastOf(rows, at, side) + 1);
  const title = `What differs in memory, ${steps[0]} steps into the one and ${steps[1]} into the other${more}:`;
  return [html("p", {}, title), html("table", {}, html("tbody", {}, ...items))];
}

/** What each comes to in the end. */
function ends(before: Trace, after: Trace): HTMLElement {
  const items = [before, after].map((trace) => {
    const [found] = trace.findings;
    const end = found
      ? [html("b", {class: "timeline-wrong"}, "✕ ", ...breakable(found.message))]
      : ["nothing goes wrong", trace.finished ? "" : ", and it has not come to its end"];
    const result =
      trace.outcome !== null && !found ? [": ", html("code", {}, trace.outcome)] : [];
    return html("li", {}, html("b", {}, kernelName(trace)), ": ", ...end, ...result);
  });
  return html("ul", {class: "timeline-ends"}, ...items);
}
