// What the controls of a link's cells stood at, put into them as soon as they are there.

import type {SharedText} from "../../src/book/shared_link.ts";

export function fillInputs(inputs: readonly SharedText[]): void {
  for (const {name, text} of inputs) {
    const slot = document.querySelector<HTMLElement>(`[data-output="${CSS.escape(name)}"]`);
    if (slot) whenFilled(slot, () => fill(slot, text));
  }
}

function whenFilled(slot: HTMLElement, then: () => void): void {
  const watch = new MutationObserver(() => {
    if (fieldsOf(slot).length === 0) return;
    watch.disconnect();
    then();
  });
  watch.observe(slot, {childList: true, subtree: true});
}

/** `text` is a list of values, as valuesIn() has written it. */
function fill(slot: HTMLElement, text: string): void {
  const values = JSON.parse(text) as unknown;
  if (!Array.isArray(values)) return;
  fieldsOf(slot).forEach((field, i) => {
    const value: unknown = values[i];
    if (typeof value === "boolean" && "checked" in field) field.checked = value;
    else if (typeof value === "string") field.value = value;
    else return;
    field.dispatchEvent(new Event("input", {bubbles: true}));
  });
}

/** The values of a cell's controls; null where it has none. */
export function valuesIn(slot: HTMLElement): string | null {
  const fields = fieldsOf(slot);
  if (fields.length === 0) return null;
  const values = fields.map((field) =>
    "checked" in field && /^(checkbox|radio)$/.test(field.type) ? field.checked : field.value,
  );
  return JSON.stringify(values);
}

/** Those of the figures are no controls of the cell: where a timeline stands is said by its schedule. */
function fieldsOf(slot: HTMLElement): (HTMLInputElement | HTMLSelectElement)[] {
  const all = slot.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select");
  return [...all].filter((field) => !field.closest("figure"));
}
