// What is asked of every fix on every race. A question that is answered with yes or no stands for invariants: yes, if one of them
// can be broken.

import type {Finding} from "../explore/index.ts";
import type {MemoryModel} from "../sim/index.ts";

export type Question = {
  readonly name: string;
  readonly asks: string;
  readonly invariants: readonly string[];
};

export const questions: readonly Question[] = [
  {name: "BUG", asks: "can the kernel hit a BUG?", invariants: ["no BUG"]},
  {name: "WARN", asks: "can it print a warning?", invariants: ["no WARN"]},
  {
    name: "torn mapcount",
    asks: "can somebody count with a word that is no mapcount any more?",
    invariants: ["no torn mapcount"],
  },
  {
    name: "wrong page",
    asks: "can a reference be on another page than the one that is looked at or handed out?",
    invariants: [
      "the reference is on the page that is looked at",
      "the reference is on the page that is handed out",
    ],
  },
  {
    name: "reference lost",
    asks: "can a reference be leaked, dropped twice, or put on another page than it was taken on?",
    invariants: ["references are put where they were taken", "references are conserved"],
  },
  {
    name: "use after free",
    asks: "can a page be used that has been freed?",
    invariants: ["no freed page is used"],
  },
  {
    name: "stuck",
    asks: "can it come to a deadlock or a livelock?",
    invariants: ["no deadlock", "no livelock", "every thread ends"],
  },
  {
    name: "split refused",
    asks: "can a split find the page in use and not begin?",
    invariants: ["the split begins"],
  },
  {
    name: "split undone",
    asks: "can a split that has begun fail, so that all its work has to be undone?",
    invariants: ["the split succeeds once it has begun"],
  },
  {
    name: "migration fails",
    asks: "can a page that is to be moved stay where it was?",
    invariants: ["the migration succeeds"],
  },
  {
    name: "data lost",
    asks: "can something be lost that was written to memory?",
    invariants: ["nothing is lost that was written"],
  },
];

/** What goes wrong and is no question's: there is nothing that the table does not say. */
export const ELSE: Question = {
  name: "anything else",
  asks: "can anything else go wrong?",
  invariants: [],
};

/** Asked of a race that is explored with store buffers, too: what else goes wrong then? */
export type Buffers = {
  readonly name: string;
  readonly asks: string;
  readonly model: MemoryModel;
};

export const buffers: readonly Buffers[] = [
  {name: "tso", asks: "what else goes wrong where stores wait in a buffer?", model: "tso"},
  {name: "pso", asks: "what else, where they may pass each other there?", model: "pso"},
];

/** The answer where it is nothing. */
export const AS_WITHOUT = "as under sc";

/** The findings that answer a question with yes, the shortest first. */
export function answering(
  {name, invariants}: Question,
  findings: readonly Finding[],
): readonly Finding[] {
  const known = new Set(questions.flatMap((question) => question.invariants));
  return findings
    .filter(({invariant}) =>
      name === ELSE.name ? !known.has(invariant) : invariants.includes(invariant),
    )
    .sort((a, b) => a.steps - b.steps || (a.id < b.id ? -1 : 1));
}
