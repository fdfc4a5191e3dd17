// Whose turn is it? A button for each CPU, with the step that it stands before or the reason why it cannot go, and one for each store
// that could reach memory; and, once the reader has chosen otherwise than the run did, where the branch leaves it, its schedule, and the
// way back.

import type {Trace} from "../src/explore/trace.ts";
import {choices, drainChoices, type Choice} from "./timeline-choices.ts";
import {breakable, html, paint} from "./timeline-elements.ts";
import {cpuName, stepName} from "./timeline-words.ts";

/** What the reader is looking at, as far as it matters here. */
export type Standing = {
  readonly trace: Trace;
  readonly at: number;
  /** The step behind which a branch leaves the run; null in the run itself. */
  readonly leaves: number | null;
  /** There is a branch to go back to. */
  readonly hasBranch: boolean;
};

export type Deeds = {
  /** A thread makes a step, or a buffer (movers.ts). */
  step(mover: number): void;
  runOn(): void;
  /** From the branch to the run, or from the run to the branch. */
  cross(): void;
};

export type WhoIsNext = {
  readonly element: HTMLElement;
  show(standing: Standing): void;
  /** While the model is asked, and when it refuses. */
  say(sentence: string): void;
};

export function whoIsNext(trace: Trace, deeds: Deeds): WhoIsNext {
  const buttons = trace.threads.map((_, thread) => cpuButton(thread, deeds));
  const group = html("div", {class: "timeline-cpus", role: "group"});
  group.setAttribute("aria-label", "let a CPU take the next step");
  group.append(...buttons.map(({element}) => element));
  const question = html("span", {class: "timeline-whose"}, "Who goes next?");
  const answer = html("p", {class: "timeline-asked", role: "status"});
  const stores = drainButtons(deeds);
  const branch = branchBar(deeds, answer);
  const element = html("div", {class: "timeline-next"}, question, group);
  element.append(stores.element, branch.element, answer);

  function show(standing: Standing): void {
    const {trace: shown, at} = standing;
    answer.textContent = "";
    for (const [i, choice] of choices(shown, at).entries()) buttons[i].show(choice);
    // A store that has left its buffer has no button any more.
    const hadFocus = stores.element.contains(document.activeElement);
    stores.show(drainChoices(shown, at));
    if (hadFocus && !stores.focus()) buttons[0].element.focus({preventScroll: true});
    branch.show(standing);
  }
  return {element, show, say: (sentence) => (answer.textContent = sentence)};
}

type CpuButton = {
  readonly element: HTMLElement;
  show(choice: Choice): void;
};

/** The step, or the reason, belongs to the button: a reader who cannot press it is told why. */
function cpuButton(thread: number, {step}: Deeds): CpuButton {
  const note = html("span", {class: "timeline-does"});
  const name = html("b", {}, `let ${cpuName(thread)} step`);
  const button = html("button", {type: "button", title: `(${thread})`}, name, " ", note);
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") !== "true") step(thread);
  });
  return {
    element: paint(button, thread),
    show({does, why, isStep}) {
      // Not `disabled`: the focus would be lost when the CPU has to wait.
      button.setAttribute("aria-disabled", String(why !== null));
      button.classList.toggle("as-it-was", isStep >= 0);
      note.replaceChildren(...(why === null ? breakable(does) : [why]));
      note.classList.toggle("why", why !== null);
    },
  };
}

type DrainButtons = {
  readonly element: HTMLElement;
  show(stores: readonly Choice[]): void;
  /** False where there is none to take the focus. */
  focus(): boolean;
};

/** The first of them has a key. Hidden where no store waits. */
function drainButtons({step}: Deeds): DrainButtons {
  const lead = html("span", {class: "timeline-whose"}, "Or a store reaches memory:");
  const group = html("div", {class: "timeline-cpus", role: "group"});
  group.setAttribute("aria-label", "let a store reach memory");
  const element = html("div", {class: "timeline-drains"}, lead, group);

  const drawn = ({thread, mover, does, isStep}: Choice, i: number): HTMLElement => {
    const name = html("b", {}, `${cpuName(thread)}:`);
    const note = html("span", {class: "timeline-does"}, ...breakable(does));
    const key = i === 0 ? {title: "(b)", "aria-keyshortcuts": "b"} : {};
    const button = html("button", {type: "button", ...key}, name, " ", note);
    button.classList.toggle("as-it-was", isStep >= 0);
    button.addEventListener("click", () => step(mover));
    return paint(button, thread);
  };
  return {
    element,
    show(stores) {
      group.replaceChildren(...stores.map(drawn));
      element.hidden = stores.length === 0;
    },
    focus() {
      const [first] = group.children;
      if (first instanceof HTMLElement) first.focus({preventScroll: true});
      return first !== undefined;
    },
  };
}

function branchBar(
  {runOn, cross}: Deeds,
  answer: HTMLElement,
): {element: HTMLElement; show(standing: Standing): void} {
  const told = html("span", {class: "timeline-leaves"});
  const schedule = html("code", {class: "timeline-schedule"});
  const go = button("let it run on", "g");
  const copy = html("button", {type: "button"}, "Copy schedule");
  const back = button("", "r");
  const element = html("div", {class: "timeline-branch"}, told, schedule, go, copy, back);
  go.addEventListener("click", runOn);
  back.addEventListener("click", cross);
  copy.addEventListener("click", () => {
    const text = schedule.textContent;
    void navigator.clipboard.writeText(text).then(
      () => (answer.textContent = "The schedule is in the clipboard."),
      () => {
        getSelection()?.selectAllChildren(schedule);
        answer.textContent = "The browser keeps its clipboard closed; the schedule is marked.";
      },
    );
  });

  function show({trace, leaves, hasBranch}: Standing): void {
    const inBranch = leaves !== null;
    element.classList.toggle("in-branch", inBranch);
    told.textContent = inBranch ? leavesAt(leaves) : "";
    schedule.textContent = trace.schedule;
    const patches = trace.livepatches.map((name) => ` --livepatch ${name}`).join("");
    schedule.title = `npx tailpage replay${patches} SCHEDULE`;
    for (const each of [told, schedule, copy]) each.hidden = !inBranch;
    go.hidden = !inBranch || trace.ended;
    back.hidden = !inBranch && !hasBranch;
    back.textContent = inBranch ? "Back to the run" : "To your branch";
    element.hidden = !inBranch && !hasBranch;
  }
  return {element, show};
}

export function leavesAt(step: number): string {
  return step < 0
    ? "Your branch: you have decided from the beginning."
    : `Your branch leaves the run behind ${stepName(step)}.`;
}

function button(name: string, key: string): HTMLButtonElement {
  return html("button", {type: "button", title: `(${key})`, "aria-keyshortcuts": key}, name);
}
