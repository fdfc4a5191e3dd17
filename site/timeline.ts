// The timeline: one run of a race, step by step. A lane for each CPU, the memory as of the current step, and a
// sentence that says what happened. Its value is the current step, counted from 0, as `view` expects it.

import type {Step, Trace} from "../src/explore/trace.ts";
import {caption} from "./timeline-caption.ts";
import {controls, type Move, moves} from "./timeline-controls.ts";
import {html} from "./timeline-elements.ts";
import {held} from "./timeline-held.ts";
import {lanes} from "./timeline-lanes.ts";
import {legend, stepList} from "./timeline-list.ts";
import {memory} from "./timeline-memory.ts";
import {stepInWords} from "./timeline-words.ts";
import "./timeline.css";

/**
 * Fires `input` when the reader moves, and `step` (a CustomEvent with the Step as its detail, which bubbles)
 * whenever the current step changes; setting `value` moves without `input`.
 */
export type Timeline = HTMLElement & {value: number};

/** Below this width, in pixels, time runs down. */
const turnBelow = 600;

/** Long enough that a key held down does not make a screen reader stammer. */
const announceAfter = 250;

export function timeline(trace: Trace, {at = 0}: {at?: number} = {}): Timeline {
  const root = html("figure", {class: "timeline", tabindex: -1});
  root.setAttribute("aria-label", `a run of ${trace.race}, step by step`);
  if (trace.warning) root.append(html("p", {class: "timeline-warning"}, trace.warning));
  const last = trace.steps.length - 1;
  if (last < 0) {
    root.append(
      html("p", {}, "This run has no steps: every thread had finished before its first one."),
    );
    return Object.assign(root, {value: -1});
  }

  const all = held(trace);
  const picture = lanes(trace, all, go);
  const words = caption(trace, all, go);
  const panel = controls(trace, () => current, go);
  const state = memory(trace, all);
  const list = stepList(trace);
  const status = html("p", {class: "timeline-status-line", role: "status"});
  const notes = html("div", {class: "timeline-folded"}, list.element, legend());
  root.append(
    panel.buttons,
    picture.element,
    panel.slider,
    words.element,
    state.element,
    notes,
  );
  root.append(status);

  let current = -1;
  let timer = 0;

  function show(step: number): boolean {
    const next = Math.min(Math.max(Math.round(step) || 0, 0), last);
    if (next === current) return false;
    current = next;
    // The sentence is written anew: a link in it that was pressed would take the focus away with it.
    const lost = words.element.contains(document.activeElement);
    for (const part of [picture, words, panel, state, list]) part.show(current);
    if (lost) picture.element.focus({preventScroll: true});
    const detail: Step = trace.steps[current];
    root.dispatchEvent(new CustomEvent("step", {detail, bubbles: true}));
    return true;
  }

  /** The reader moves. */
  function go(step: number): void {
    if (!show(step)) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(
      () => (status.textContent = stepInWords(trace, current)),
      announceAfter,
    );
    root.dispatchEvent(new Event("input", {bubbles: true}));
  }

  listenToKeys(root, moves(trace), (move) => go(move.to(current)));
  turnWhenNarrow(root, (turned) => {
    picture.turn(turned);
    picture.show(current);
  });
  show(at);
  return Object.defineProperty(root, "value", {get: () => current, set: show}) as Timeline;
}

function listenToKeys(
  root: HTMLElement,
  known: readonly Move[],
  go: (move: Move) => void,
): void {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const key = (event.shiftKey ? "Shift+" : "") + event.key;
    const move = known.find((each) => each.key === key);
    // A slider has its own arrows, and a list that scrolls its own Home and End.
    const target = event.target as HTMLElement;
    const own = target.matches("input, ol") && !/^f$|^Shift/.test(key);
    if (!move || own) return;
    event.preventDefault();
    go(move);
  });
}

/** Calls `turn` as soon as the width is known, and when it passes the limit. */
function turnWhenNarrow(root: HTMLElement, turn: (turned: boolean) => void): void {
  let turned: boolean | null = null;
  new ResizeObserver(([entry]) => {
    const width = entry?.contentRect.width ?? 0;
    const now = width < turnBelow;
    if (width === 0 || now === turned) return;
    turned = now;
    turn(now);
  }).observe(root);
}
