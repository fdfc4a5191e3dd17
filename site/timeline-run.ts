// One run, drawn: controls and lanes above, sentence and memory below. The figure (timeline.ts) puts another in its place when the
// reader leaves the run for a branch of it, or has been shown more of it.

import type {Trace} from "../src/explore/trace.ts";
import {caption} from "./timeline-caption.ts";
import {controls, type Move, moves} from "./timeline-controls.ts";
import {held} from "./timeline-held.ts";
import {lanes} from "./timeline-lanes.ts";
import {type Aside, legend, stepList} from "./timeline-list.ts";
import {memory} from "./timeline-memory.ts";
import {html} from "./timeline-elements.ts";

export type Run = {
  readonly trace: Trace;
  readonly moves: readonly Move[];
  readonly above: readonly HTMLElement[];
  readonly below: readonly HTMLElement[];
  /** Draw the lanes, and then the memory. */
  readonly rest: readonly (() => void)[];
  show(at: number): void;
  /** Time runs down, or to the right. */
  turn(turned: boolean): void;
  /** Where the focus goes when what had it is no more. */
  focus(): void;
};

type Part = {show(at: number): void};

export type RunOptions = {
  at(): number;
  go(step: number): void;
  /** What the list of steps says before certain steps: questions, and where a branch begins. */
  readonly asides: readonly Aside[];
  /** The first step of a branch, or -1. */
  readonly branch: number;
  /** Whether time runs down. */
  readonly turned: boolean;
};

export function drawRun(trace: Trace, {at, go, asides, branch, turned}: RunOptions): Run {
  const all = held(trace);
  const picture = lanes(trace, all, {go, branch, turned});
  const words = caption(trace, all, go);
  const panel = controls(trace, at, go);
  const list = stepList(trace, asides);
  const notes = html("div", {class: "timeline-folded"}, list.element, legend(trace));
  const parts: Part[] = [picture, words, panel, list];

  function drawMemory(): void {
    // The lanes have been laid out by now.
    picture.show(at());
    const state = memory(trace, all);
    state.show(at());
    parts.push(state);
    words.element.after(state.element);
  }

  function show(step: number): void {
    // The sentence is written anew: a link in it that was pressed would take the focus away with it.
    const lost = words.element.contains(document.activeElement);
    for (const part of parts) part.show(step);
    if (lost) picture.element.focus({preventScroll: true});
  }
  return {
    trace,
    moves: moves(trace),
    above: [panel.buttons, picture.element, panel.slider],
    below: [words.element, notes],
    rest: [picture.draw, drawMemory],
    show,
    turn(now) {
      picture.turn(now);
      // What is in sight of it depends on how much room there is.
      picture.show(at());
    },
    focus: () => picture.element.focus({preventScroll: true}),
  };
}
