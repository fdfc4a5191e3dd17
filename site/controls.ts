// Controls for cells, used with `view`. Each is an element with a `value` that fires `input`, labelled, and usable
// with a keyboard.

import {element} from "./html.ts";

export type Control<Value> = HTMLElement & {readonly value: Value};

/** A button. Its value is how often it was pressed. */
export function button(label: string): Control<number> {
  let presses = 0;
  const press = element("button", {type: "button", class: "button primary"}, label);
  press.addEventListener("click", () => {
    presses++;
    root.dispatchEvent(new Event("input"));
  });
  const root = element("div", {class: "control"}, press);
  return withValue(root, () => presses);
}

/** A number between two others. */
export function range(
  [min, max]: readonly [number, number],
  {label = "value", step, value}: {label?: string; step?: number; value?: number} = {},
): Control<number> {
  const settings = {min: String(min), max: String(max), step: String(step ?? "any")};
  const slider = element("input", {type: "range", ...settings});
  slider.valueAsNumber = value ?? (min + max) / 2;
  const shown = element("output", {}, slider.value);
  slider.addEventListener("input", () => (shown.textContent = slider.value));
  const root = element("label", {class: "control"}, element("span", {}, label), slider, shown);
  return withValue(root, () => slider.valueAsNumber);
}

/** One of several. */
export function select<Value>(
  options: readonly Value[],
  {
    label = "choice",
    value = options[0]!,
    format = String,
  }: {label?: string; value?: Value; format?: (option: Value) => string} = {},
): Control<Value> {
  const list = element("select", {});
  list.append(...options.map((option) => element("option", {}, format(option))));
  list.selectedIndex = options.indexOf(value);
  const root = element("label", {class: "control"}, element("span", {}, label), list);
  return withValue(root, () => options[list.selectedIndex]!);
}

export function withValue<Value>(root: HTMLElement, value: () => Value): Control<Value> {
  return Object.defineProperty(root, "value", {get: value}) as Control<Value>;
}
