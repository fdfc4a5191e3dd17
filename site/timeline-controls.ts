// The controls: buttons by name, a slider over all steps, and above it the whole run in one strip, so that a
// reader sees in a trace of hundreds of steps where each CPU ran and where something was found.

import type {Trace} from "../src/explore/trace.ts";
import {html, paint, svg} from "./timeline-elements.ts";
import {nextFinding, nextSwitch, previousSwitch, runs} from "./timeline-steps.ts";
import {cpuName} from "./timeline-words.ts";

export type Controls = {
  readonly buttons: HTMLElement;
  readonly slider: HTMLElement;
  show(at: number): void;
};

/** One way to move: from a step to another. */
export type Move = {
  readonly name: string;
  readonly key: string;
  readonly icon: string;
  readonly to: (at: number) => number;
};

const finding = "M4 4L12 12M12 4L4 12";

export function moves(trace: Trace): Move[] {
  const last = trace.steps.length - 1;
  const all: Move[] = [
    {name: "first", key: "Home", icon: "M4 4V12M12 4L7 8L12 12", to: () => 0},
    {
      name: "previous switch of CPU",
      key: "Shift+ArrowLeft",
      icon: "M8 4L4 8L8 12M13 4L9 8L13 12",
      to: (at) => previousSwitch(trace, at),
    },
    {name: "back", key: "ArrowLeft", icon: "M10 4L6 8L10 12", to: (at) => Math.max(at - 1, 0)},
    {
      name: "forward",
      key: "ArrowRight",
      icon: "M6 4L10 8L6 12",
      to: (at) => Math.min(at + 1, last),
    },
    {
      name: "next switch of CPU",
      key: "Shift+ArrowRight",
      icon: "M3 4L7 8L3 12M8 4L12 8L8 12",
      to: (at) => nextSwitch(trace, at),
    },
    {name: "last", key: "End", icon: "M12 4V12M4 4L9 8L4 12", to: () => last},
  ];
  if (trace.findings.length === 0) return all;
  return [
    ...all,
    {name: "to the finding", key: "f", icon: finding, to: (at) => nextFinding(trace, at)},
  ];
}

function icon(d: string): SVGSVGElement {
  const stroke = {fill: "none", stroke: "currentColor", "stroke-width": 1.8};
  const shape = svg("path", {
    d,
    ...stroke,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  });
  return svg(
    "svg",
    {viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true"},
    shape,
  );
}

/** Back and forward carry their names; so does the finding. The others show an icon, and are named. */
export function drawButton({name, key, icon: d}: Move): HTMLButtonElement {
  const title = `${name} (${key.replace("Arrow", "").replace("+", " + ")})`;
  const button = html("button", {type: "button", title, "aria-label": name}, icon(d));
  if (name === "forward") button.prepend(html("span", {}, name));
  else if (name === "back" || name.startsWith("first ") || d === finding)
    button.append(html("span", {}, name));
  if (d === finding) button.classList.add("finding");
  return button;
}

/** The whole run: a stripe where each CPU runs, a stroke through all of them at a finding. */
function overview(trace: Trace): SVGSVGElement {
  const count = trace.steps.length;
  const height = trace.threads.length * 5;
  const view = {viewBox: `0 0 ${count} ${height}`, preserveAspectRatio: "none"};
  const stripes = runs(trace).map(({thread, from, to}) => {
    const box = {x: from, y: thread * 5 + 1, width: to - from + 1, height: 3};
    return paint(svg("rect", box), thread);
  });
  const found = trace.findings.map(({step}) => {
    const x = Math.min(step, count - 1) + 0.5;
    return svg("path", {class: "found", d: `M${x} 0V${height}`});
  });
  const strip = svg("svg", {...view, class: "timeline-overview", "aria-hidden": "true"});
  strip.append(...stripes, ...found);
  return strip;
}

export function controls(trace: Trace, at: () => number, go: (step: number) => void): Controls {
  const last = trace.steps.length - 1;
  const all = moves(trace).map((move) => ({move, button: drawButton(move)}));
  for (const {move, button} of all) button.addEventListener("click", () => go(move.to(at())));
  const counter = html("span", {class: "timeline-counter"});
  const group = html("div", {role: "group", "aria-label": "move through the steps"});
  const buttons = html("div", {class: "timeline-controls"}, counter, group);
  for (const {move, button} of all) (move.icon === finding ? buttons : group).append(button);

  const input = html("input", {
    type: "range",
    min: 0,
    max: last,
    step: 1,
    "aria-label": "step",
  });
  // The figure's own input event is the one that a page listens to.
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    go(input.valueAsNumber);
  });
  const slider = html("div", {class: "timeline-slider"}, input);
  slider.prepend(overview(trace));

  function show(step: number): void {
    const thread = trace.steps[step]?.thread ?? 0;
    counter.replaceChildren("Step ", html("b", {}, String(step + 1)), ` of ${last + 1}`);
    input.value = String(step);
    input.setAttribute("aria-valuetext", `step ${step + 1} of ${last + 1}, ${cpuName(thread)}`);
    paint(input, thread);
    // Not `disabled`: a button that is held down at the end would lose the focus.
    for (const {move, button} of all) {
      button.setAttribute("aria-disabled", String(move.to(step) === step));
    }
  }
  return {buttons, slider, show};
}
