// The timeline: one run of a race, step by step. A lane for each CPU, the memory as of the current step, and a
// sentence that says what happened. Its value is the current step, counted from 0, as `view` expects it.
//
// A reader can leave the run: at any step another CPU may go than the one that went, and from there the run is theirs. And an
// author can stop before a step and ask what will come of it.

import type {Step, Trace} from "../src/explore/trace.ts";
import {originOf} from "./origin.ts";
import {pressed} from "./presses.ts";
import {drawn} from "./slices.ts";
import {branchOff, choices, drainChoices, orderBehind} from "./timeline-choices.ts";
import {cutBefore} from "./timeline-cut.ts";
import {html} from "./timeline-elements.ts";
import type {Aside} from "./timeline-list.ts";
import {leavesAt, whoIsNext} from "./timeline-next.ts";
import {questionPanel} from "./timeline-question.ts";
import {type Predict, type Question, questionsOf} from "./timeline-questions.ts";
import {drawRun, type Run} from "./timeline-run.ts";
import {plain, stepInWords} from "./timeline-words.ts";
import "./timeline.css";
import "./timeline-next.css";

/**
 * Fires `input` when the reader moves, and `step` (a CustomEvent with the Step as its detail, which bubbles)
 * whenever the current step changes; setting `value` moves without `input`.
 */
export type Timeline = HTMLElement & {value: number};

export type TimelineOptions = {
  /** The step to begin with, counted from 0. */
  readonly at?: number;
  /** Steps before which the reader is asked what they will do. */
  readonly predict?: readonly Predict[];
};

/** Below this width, in pixels, time runs down. */
const turnBelow = 600;

/** Long enough that a key held down does not make a screen reader stammer. */
const announceAfter = 250;

/**
 * The first figure of a page takes several times as long as those behind it: the engine has seen neither this code nor these sizes of letters.
 * It is drawn part by part, so that the page can answer its reader in between.
 */
let isCold = true;

/** A run that was left: behind step `leaves` of the first run the reader has decided. */
type Branch = {readonly trace: Trace; readonly leaves: number; readonly at: number};

export function timeline(trace: Trace, {at = 0, predict = []}: TimelineOptions = {}): Timeline {
  const root = html("figure", {class: "timeline", tabindex: -1});
  root.setAttribute("aria-label", `a run of ${trace.race}, step by step`);
  if (trace.warning) root.append(html("p", {class: "timeline-warning"}, trace.warning));
  if (trace.steps.length === 0) {
    root.append(
      html("p", {}, "This run has no steps: every thread had finished before its first one."),
    );
    return Object.assign(root, {value: -1});
  }

  const origin = originOf(trace);
  const questions = questionsOf(trace, predict);
  const thoughts = new Map<Question, string | null>();
  const above = html("div", {class: "timeline-above"});
  const below = html("div", {class: "timeline-below"});
  const next = whoIsNext(trace, {step, runOn, cross});
  const panel = questionPanel(answer, go);
  const status = html("p", {class: "timeline-status-line", role: "status"});
  root.append(above, panel.element, ...(origin ? [next.element] : []), below, status);

  let run: Run;
  let current = -1;
  /** Where the reader was in the run when they left it. */
  let left = 0;
  let branch: Branch | null = null;
  let isInBranch = false;
  /** Until the figure has its place, the window says how much room there will be. */
  let turned = innerWidth < turnBelow;
  let timer = 0;
  /** Counts what was asked of the model: only the latest answer matters. */
  let asked = 0;

  listenToKeys();
  mount(shownOfRun(), at);
  turnWhenNarrow(root, (now) => {
    turned = now;
    run.turn(now);
    // Only now does somebody see it, and whoever listens to the page.
    tellOfStep();
  });
  return Object.defineProperty(root, "value", {
    get: () => current,
    set: (to: number) => void show(to),
  }) as Timeline;

  /** The run as far as the reader has been shown it. */
  function shownOfRun(): Trace {
    const pending = openQuestion();
    return pending ? cutBefore(trace, Math.max(pending.step, 1)) : trace;
  }

  function openQuestion(): Question | undefined {
    return questions.find((question) => !thoughts.has(question));
  }

  /** Draws another run in the place of the one that is shown. */
  function mount(shown: Trace, to: number): void {
    const open = openDetails(root);
    const held = document.activeElement;
    const isLost = above.contains(held) || below.contains(held) || panel.element.contains(held);
    const inBranch = isInBranch && branch ? branch : null;
    current = -1;
    run = drawRun(shown, {
      at: () => current,
      go,
      asides: asidesOf(inBranch),
      branch: inBranch ? inBranch.leaves + 1 : -1,
      turned,
    });
    root.classList.toggle("in-branch", inBranch !== null);
    // For whoever makes a link of what is shown.
    root.dataset["schedule"] = shown.schedule;
    above.replaceChildren(...run.above);
    below.replaceChildren(...run.below);
    show(to);
    drawRest(run, open);
    if (isLost) run.focus();
  }

  /** Ends with what was open before, open again. */
  function drawRest(of: Run, open: readonly string[], [draw, ...more] = of.rest): void {
    // The reader was faster, and has another run by now.
    if (of !== run) return;
    if (!draw) {
      isCold = false;
      return unfold(below, open);
    }
    const goOn = (): void => {
      draw();
      drawRest(of, open, more);
    };
    // Others wait: somebody looks at this.
    if (isCold) void pressed(drawn()).then(goOn);
    else goOn();
  }

  function asidesOf(inBranch: Branch | null): Aside[] {
    if (inBranch) {
      const {leaves} = inBranch;
      return [{step: leaves + 1, text: leavesAt(leaves)}];
    }
    return questions.flatMap((question) => {
      const thought = thoughts.get(question);
      if (thought === undefined) return [];
      const said = thought === null ? "skipped" : `you thought ${thought}`;
      return [{step: question.step, text: `Asked: ${plain(question.text)} (${said})`}];
    });
  }

  function show(step: number): boolean {
    const last = run.trace.steps.length - 1;
    const to = Math.min(Math.max(Math.round(step) || 0, 0), last);
    if (to === current) return false;
    current = to;
    run.show(current);
    showPanels();
    tellOfStep();
    return true;
  }

  function showPanels(): void {
    const leaves = isInBranch && branch ? branch.leaves : null;
    next.show({trace: wholeRun(), at: current, leaves, hasBranch: branch !== null});
    next.element.hidden = false;
    if (leaves !== null) return panel.show(null);

    const open = openQuestion();
    const isAtOpen = isAsked();
    const answered = questions.find((each) => each.step === current && thoughts.has(each));
    if (open && isAtOpen) panel.show(open);
    else if (answered) panel.show(answered, thoughts.get(answered));
    else panel.show(null);
    next.element.hidden = isAtOpen;
  }

  /** The reader stands before a question, and has not answered it. */
  function isAsked(): boolean {
    const isAtEnd = current === run.trace.steps.length - 1;
    return !isInBranch && isAtEnd && openQuestion() !== undefined;
  }

  function wholeRun(): Trace {
    return isInBranch ? run.trace : trace;
  }

  function tellOfStep(): void {
    const detail: Step = run.trace.steps[current];
    root.dispatchEvent(new CustomEvent("step", {detail, bubbles: true}));
  }

  /** The reader moves. */
  function go(to: number): void {
    root.dataset["used"] = String(Date.now());
    if (isAsked() && to >= current) return panel.focus();
    if (!show(to)) return;
    announce();
    root.dispatchEvent(new Event("input", {bubbles: true}));
  }

  function announce(text = stepInWords(run.trace, current)): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => (status.textContent = text), announceAfter);
  }

  /** The reader has said what they think, or that they do not want to. */
  function answer(thought: string | null): void {
    const question = openQuestion();
    if (!question) return;
    thoughts.set(question, thought);
    mount(shownOfRun(), question.step);
    announce(question.answer.map(plain).join(" "));
    root.dispatchEvent(new Event("input", {bubbles: true}));
  }

  /** Lets a CPU make its next step, or a store reach memory: along the run if that is what it did, otherwise into a branch. */
  function step(mover: number): void {
    if (isAsked()) return panel.focus();
    const all = [...choices(wholeRun(), current), ...drainChoices(wholeRun(), current)];
    const choice = all.find((one) => one.mover === mover);
    if (!origin || !choice) return;
    if (choice.why !== null) return next.say(`CPU ${choice.thread} ${choice.why}.`);
    if (choice.isStep >= 0 && choice.isStep < run.trace.steps.length) return go(choice.isStep);
    void leave(branchOff(wholeRun(), current, mover));
  }

  function drainFirst(): void {
    const [first] = drainChoices(wholeRun(), current);
    if (first) step(first.mover);
  }

  function runOn(): void {
    if (!isInBranch || run.trace.ended) return;
    void leave(run.trace.schedule, orderBehind(trace, branch!.leaves));
  }

  /** Asks the model for a branch, and goes there. */
  async function leave(schedule: string, order: readonly number[] = []): Promise<void> {
    const mine = ++asked;
    const from = current;
    const leaves = isInBranch ? Math.min(branch!.leaves, from) : from;
    next.say("…");
    try {
      const made = await origin!(schedule, order);
      if (mine !== asked) return;
      if (!isInBranch) left = from;
      isInBranch = true;
      const last = made.steps.length - 1;
      const to = order.length > 0 ? endOf(made, from) : last;
      branch = {trace: made, leaves, at: to};
      mount(made, to);
      announce(`Your branch: ${stepInWords(made, to)}`);
      root.dispatchEvent(new Event("input", {bubbles: true}));
    } catch (error) {
      if (mine !== asked) return;
      const {message} = error as {message?: string};
      next.say(`The model could not run this: ${message ?? String(error)}`);
    }
  }

  function cross(): void {
    if (!branch) return;
    asked++;
    if (isInBranch) branch = {...branch, at: current};
    else left = current;
    isInBranch = !isInBranch;
    mount(isInBranch ? branch.trace : shownOfRun(), isInBranch ? branch.at : left);
    announce();
    root.dispatchEvent(new Event("input", {bubbles: true}));
  }

  function listenToKeys(): void {
    root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const key = (event.shiftKey ? "Shift+" : "") + event.key;
      const deed = deedOf(key);
      // A slider has its own arrows, and a list that scrolls its own Home and End.
      const target = event.target as HTMLElement;
      const own = target.matches("input, ol") && !/^\w$|^Shift/.test(key);
      if (!deed || own) return;
      event.preventDefault();
      deed();
    });
  }

  function deedOf(key: string): (() => void) | null {
    const move = run.moves.find((each) => each.key === key);
    if (move) return () => go(move.to(current));
    if (!origin) return null;
    if (/^\d$/.test(key) && Number(key) < trace.threads.length) return () => step(Number(key));
    if (key === "b") return drainFirst;
    if (key === "g" && isInBranch) return runOn;
    return key === "r" && branch ? cross : null;
  }
}

/** Where a run that went on has come to: its first finding behind `from`, or its last step. */
function endOf({findings, steps}: Trace, from: number): number {
  const last = steps.length - 1;
  const found = findings.map(({step}) => Math.min(step, last)).filter((step) => step > from);
  return found.length > 0 ? Math.min(...found) : last;
}

/** The classes of what is folded out. */
function openDetails(root: HTMLElement): string[] {
  return [...root.querySelectorAll<HTMLElement>("details[open][class]")].map(
    ({classList}) => classList[0],
  );
}

function unfold(root: HTMLElement, names: readonly string[]): void {
  for (const name of names) {
    const details = root.querySelector<HTMLDetailsElement>(`details.${name}`);
    if (details) details.open = true;
  }
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
