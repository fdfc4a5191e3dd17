// A student's own variant of an assignment: drawn from the student's id, so that the grader draws the same.

import {hash} from "../livepatch/hash.ts";
import type {Assignment, Variant} from "./assignment.ts";

/** The numbers of a student's own variant. */
export function variantOf(
  {name, variant}: Pick<Assignment, "name" | "variant">,
  student: string,
  salt = "",
): Variant {
  let drawn = 0;
  return variant((n) => {
    const text = hash(`${salt} ${name} ${student} ${drawn++}`);
    return parseInt(text.slice(0, 7), 36) % n;
  });
}
