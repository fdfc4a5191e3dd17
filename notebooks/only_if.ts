// What does nothing does nothing wrong. A property that is about safety counts only where the job is done.

import type {Property} from "../src/grade/index.ts";

type Judge = Pick<Property, "judge">;

/** `property`, once all of `first` hold: what is wrong with those is wrong with it. */
export function onlyIf(first: readonly Judge[], property: Property): Property {
  return {
    ...property,
    judge(student) {
      for (const {judge} of first) {
        const judgement = judge(student);
        if (judgement.status !== "pass") return judgement;
      }
      return property.judge(student);
    },
  };
}
