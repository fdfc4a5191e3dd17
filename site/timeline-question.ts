// Drawing a question: what is asked, two to four buttons, and the way round it. Then what is so, beside what the reader thought.

import {breakable, html} from "./timeline-elements.ts";
import {drawSentence} from "./timeline-caption.ts";
import type {Question} from "./timeline-questions.ts";
import type {Sentence} from "./timeline-words.ts";

export type Panel = {
  readonly element: HTMLElement;
  /** Null takes it away. `thought` is what the reader chose, null where the question was skipped. */
  show(question: Question | null, thought?: string | null): void;
  /** To the first choice. */
  focus(): void;
};

export function questionPanel(
  answer: (choice: string | null) => void,
  go: (step: number) => void,
): Panel {
  const element = html("div", {class: "timeline-question", role: "group"});
  element.setAttribute("aria-label", "what do you think?");
  element.hidden = true;

  function ask({text, choices}: Question): void {
    const buttons = choices.map(({label}) => {
      const button = html("button", {type: "button"}, ...breakable(label));
      button.addEventListener("click", () => answer(label));
      return button;
    });
    const skip = html("button", {type: "button", class: "skip-question"}, "skip");
    skip.addEventListener("click", () => answer(null));
    const row = html("div", {class: "timeline-answers"}, ...buttons, skip);
    element.replaceChildren(html("p", {}, ...drawSentence(text, go)), row);
  }

  function tell({answer: sentences}: Question, thought: string | null): void {
    const lead: Sentence = thought === null ? [] : ["You thought ", {code: thought}, ". "];
    const pieces = sentences.flatMap((each, i) => [...(i > 0 ? [" "] : []), ...each]);
    element.replaceChildren(html("p", {}, ...drawSentence([...lead, ...pieces], go)));
  }

  function show(question: Question | null, thought?: string | null): void {
    element.hidden = question === null;
    if (question === null) return;
    if (thought === undefined) ask(question);
    else tell(question, thought);
  }
  return {element, show, focus: () => element.querySelector("button")?.focus()};
}
