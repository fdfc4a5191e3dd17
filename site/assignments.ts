// What the pages of assignments have beside what all pages have. In the frame of a link another file stands here (guest/assignments.ts): nobody is
// judged by a stranger's page.

import {variantNamed} from "../notebooks/variants.ts";
import {variantOf} from "../src/grade/variant.ts";
import type {Variant} from "../src/grade/assignment.ts";
import {checkPanel} from "./check-panel.ts";

/** A student's own variant of an assignment: numbers by name. Nobody's, where there is no id yet. */
export function variant(name: string, student: string): Variant {
  return variantOf({name, variant: variantNamed(name)}, student.trim());
}

/** A button that checks what is written on this page, and one that saves it as what is handed in. */
export function check(name: string, _answers?: object): HTMLElement {
  return checkPanel(name);
}
