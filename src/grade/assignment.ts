// An assignment: what a student writes, and what must hold of it. The verdict on each property is reached outside of the student's code.

import type {Judgement, Student} from "./student.ts";

/** A cell of the notebook that the student writes. */
export type Answer = {
  /** Its number in the notebook. */
  readonly cell: number;
  /** Functions of the kernel that it defines, or constants that hold schedules; it may define nothing else. */
  readonly defines: readonly string[];
  readonly kind: "functions" | "schedules";
};

export type Property = {
  /** Small letters, digits and hyphens; unique in its assignment. */
  readonly id: string;
  /** One sentence: what must hold. */
  readonly title: string;
  /** A whole number from 0. */
  readonly points: number;
  /** Names of what the student defines that it is about. Everything else is the kernel's own while it is judged. */
  readonly needs: readonly string[];
  judge(student: Student): Judgement;
};

/** What a student's own variant of the assignment is made of: whole numbers by name, drawn from the student's id. */
export type Variant = Readonly<Record<string, number>>;

export type Assignment = {
  /** `06-try-get-compound-head`, as its folder. */
  readonly name: string;
  readonly title: string;
  readonly answers: readonly Answer[];
  /** In the order in which they are told. */
  readonly properties: readonly Property[];
  /** `draw(n)` answers a number from 0 to n - 1: the same for the same student and assignment, and hard to guess for another. */
  variant(draw: (n: number) => number): Variant;
};

/** The page of an assignment in the book: its name is no chapter's. */
export function pageOf(assignment: string): string {
  return `assignment-${assignment}`;
}

type Spec = Omit<Assignment, "answers" | "variant"> & {
  readonly answers: readonly (Omit<Answer, "kind"> & Partial<Pick<Answer, "kind">>)[];
  readonly variant?: Assignment["variant"];
};

/** Fills in what is not said. Throws an Error that names what is wrong: a mistake of whoever wrote the assignment. */
export function toAssignment({variant = () => ({}), ...spec}: Spec): Assignment {
  const answers = spec.answers.map((answer) => ({kind: "functions" as const, ...answer}));
  const defined = answers.flatMap(({defines}) => defines);
  checkProperties(spec.name, spec.properties, defined);
  const twice = defined.find((name, i) => defined.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`${spec.name}: two cells define ${twice}`);
  return {...spec, answers, variant};
}

/** The same assignment with checks that students do not see. Throws as toAssignment() does. */
export function withHidden(assignment: Assignment, hidden: readonly Property[]): Assignment {
  const defined = assignment.answers.flatMap(({defines}) => defines);
  const properties = [...assignment.properties, ...hidden];
  checkProperties(assignment.name, properties, defined);
  return {...assignment, properties};
}

function checkProperties(
  name: string,
  properties: readonly Property[],
  defined: readonly string[],
): void {
  const ids = properties.map(({id}) => id);
  for (const {id, points, needs} of properties) {
    if (!/^[a-z0-9-]+$/.test(id)) throw new Error(`${name}: a property is called "${id}"`);
    if (ids.filter((other) => other === id).length > 1)
      throw new Error(`${name}: two properties are called ${id}`);
    if (!Number.isInteger(points) || points < 0)
      throw new Error(`${name}, ${id}: ${points} points, and not a whole number from 0`);
    const unknown = needs.find((need) => !defined.includes(need));
    if (unknown !== undefined)
      throw new Error(`${name}, ${id}: it needs ${unknown}, which no answer defines`);
  }
}
