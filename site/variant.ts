// A student's own numbers in the text of an assignment. They stand in its first lines, so the page begins with them: what judges comes later
// (assignments.ts).

import {variantNamed} from "../notebooks/variants.ts";
import {variantOf} from "../src/grade/variant.ts";
import type {Variant} from "../src/grade/assignment.ts";

/** Numbers by name. Nobody's, where there is no id yet. */
export function variant(name: string, student: string): Variant {
  return variantOf({name, variant: variantNamed(name)}, student.trim());
}
