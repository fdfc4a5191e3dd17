// teacher-only

import {schedules, type Property} from "../../../src/grade/index.ts";
import {shared, split} from "../checks.ts";

export const hidden: readonly Property[] = [
  schedules({
    id: "hidden-no-torn-count",
    title: "The Pss is not made of a torn count.",
    points: 1,
    needs: ["pss"],
    in: shared,
    wrong({findings, outcome}) {
      if (outcome === null) return "smaps prints nothing";
      return findings.length === 0 ? null : findings[0].message;
    },
  }),
  schedules({
    id: "hidden-first-thing-wrong",
    title: "The crash on the head is the first thing that goes wrong.",
    points: 1,
    needs: ["head"],
    in: split,
    wrong({findings}) {
      const [first] = findings;
      if (!first) return "nothing goes wrong";
      return first.invariant === "no BUG" ? null : first.message;
    },
  }),
];
