// A prediction: first the reader says what will come of it, then it is run. What they thought stays beside what is so.

import {messageOf} from "../src/book/problem.ts";
import {withValue, type Control} from "./controls.ts";
import {element} from "./html.ts";

/**
 * Asks `question`, with `choices` to choose from. When the reader has chosen, `run` finds out, and answers with what it has found: one of
 * the choices, if nobody has changed anything. The value is that, and null until then.
 */
export function predict(
  question: string,
  choices: readonly string[],
  run: () => string | number | Promise<string | number>,
): Control<string | null> {
  let truth: string | null = null;
  const legend = element("legend", {}, question);
  const buttons = choices.map((choice) => {
    const button = element("button", {type: "button", class: "button"}, choice);
    button.addEventListener("click", () => void find(choice));
    return button;
  });
  const skip = element("button", {type: "button", class: "button quiet"}, "just run it");
  skip.addEventListener("click", () => void find(null));
  const answers = element("div", {class: "predict-choices"});
  answers.append(...buttons, skip);
  const said = element("p", {class: "predict-said", role: "status"});
  const root = element("fieldset", {class: "control predict"});
  root.append(legend, answers, said);
  return withValue(root, () => truth);

  async function find(thought: string | null): Promise<void> {
    for (const button of [...buttons, skip]) button.disabled = true;
    said.textContent = "running…";
    try {
      truth = String(await run());
    } catch (error) {
      said.textContent = `It could not be run: ${messageOf(error)}`;
      for (const button of [...buttons, skip]) button.disabled = false;
      return;
    }
    skip.remove();
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.textContent === thought));
      button.classList.toggle("true", button.textContent === truth);
    }
    said.textContent = verdict(thought, truth);
    root.dispatchEvent(new Event("input"));
  }
}

function verdict(thought: string | null, truth: string): string {
  if (thought === null) return `It is: ${truth}`;
  if (thought === truth) return `You thought so, and so it is: ${truth}`;
  return `You thought: ${thought}. It is: ${truth}`;
}
