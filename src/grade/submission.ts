// What was handed in, read as data: the cells that the assignment names are the student's, and everything else is the grader's own copy.

import {parse, type Program} from "acorn";
import {hash} from "../livepatch/hash.ts";
import {readSource} from "../livepatch/declarations.ts";
import {UserError, type Livepatch} from "../livepatch/index.ts";
import type {Answer, Assignment} from "./assignment.ts";
import {parseNotebook, type Notebook} from "./notebook.ts";

/** The cell in which a student says who they are. */
export const WHO = 2;
/** Far more than anybody writes. */
export const MOST_BYTES = 1_000_000;
const LONGEST_ID = 100;

/** One answer: what was written, or why there is nothing to judge. */
export type Answered =
  | {readonly status: "functions"; readonly livepatch: Livepatch}
  | {readonly status: "schedules"; readonly schedules: ReadonlyMap<string, string>}
  | {readonly status: "not_attempted" | "error"; readonly message: string};

export type Submission = {
  /** As the student has typed it; empty where they have not. */
  readonly student: string;
  readonly edition: string | null;
  readonly answers: ReadonlyMap<Answer, Answered>;
  /** Of what was handed in: the student can quote it. */
  readonly receipt: string;
};

/** `starter` is the grader's own notebook. Throws a UserError with a sentence where there is nothing that could be graded. */
export function readSubmission(
  text: string,
  assignment: Assignment,
  starter: Notebook,
): Submission {
  if (text.length > MOST_BYTES)
    throw new UserError("the file is larger than a notebook can be: is it the right one?");
  const notebook = parseNotebook(text);
  if (!notebook) throw new UserError("this is no notebook: hand in the file that Save gives");
  const answers = assignment.answers.map(
    (answer) => [answer, read(answer, notebook, starter)] as const,
  );
  return {
    student: studentOf(valueOf(notebook, WHO) ?? ""),
    edition: notebook.edition,
    answers: new Map(answers),
    receipt: hash(text),
  };
}

/** The assignment that a notebook is of: it says so, or its last cell checks it. Null where there is no telling. */
export function assignmentOf(text: string): string | null {
  const notebook = parseNotebook(text);
  if (!notebook) return null;
  if (notebook.assignment !== null) return notebook.assignment;
  const checks = notebook.cells.map(({value}) => /\bcheck\(\s*"([\w-]+)"/.exec(value)?.[1]);
  return checks.find((name) => name !== undefined) ?? null;
}

/** `const student = "..."`, or nothing. */
export function studentOf(cell: string): string {
  const id = /^\s*const\s+student\s*=\s*(["'`])([^"'`\\\n]*)\1\s*;?\s*$/m.exec(cell)?.[2] ?? "";
  return id.trim().slice(0, LONGEST_ID);
}

function valueOf({cells}: Notebook, id: number): string | undefined {
  return cells.find((cell) => cell.id === id)?.value;
}

function read(answer: Answer, handedIn: Notebook, starter: Notebook): Answered {
  const text = valueOf(handedIn, answer.cell);
  if (text === undefined)
    return {status: "error", message: `cell ${answer.cell} is missing: was it deleted?`};
  if (text.trim() === "" || text.trim() === valueOf(starter, answer.cell)?.trim())
    return {status: "not_attempted", message: "this is as it was handed out"};
  try {
    return answer.kind === "functions" ? functionsIn(text, answer) : schedulesIn(text, answer);
  } catch (error) {
    if (error instanceof UserError) return {status: "error", message: error.message};
    throw error;
  }
}

/** A function that the assignment does not name could be a caller of the one that is judged, or a check. */
function functionsIn(text: string, {cell, defines}: Answer): Answered {
  const {declarations} = readSource(`cell ${cell}`, text);
  const names = declarations.map(({name}) => name);
  const foreign = declarations.find(({name}) => !defines.includes(name));
  if (foreign)
    throw new UserError(
      `cell ${cell} defines ${foreign.name} (line ${foreign.line}), and it may define ${defines.join(", ")} only: put what it needs inside`,
    );
  const missing = defines.find((name) => !names.includes(name));
  if (missing !== undefined)
    throw new UserError(`cell ${cell} does not define ${missing}: was it renamed?`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UserError(`cell ${cell} defines ${twice} twice`);
  return {status: "functions", livepatch: {name: `cell ${cell}`, text}};
}

/** `const name = "a schedule"`, and nothing else: read, and never run. */
function schedulesIn(text: string, {cell, defines}: Answer): Answered {
  const schedules = new Map<string, string>();
  for (const statement of parsed(text, cell).body) {
    const declarations = statement.type === "VariableDeclaration" ? statement.declarations : [];
    for (const {id, init} of declarations) {
      const name = id.type === "Identifier" ? id.name : "";
      if (init?.type === "Literal" && typeof init.value === "string" && defines.includes(name))
        schedules.set(name, init.value);
    }
  }
  const missing = defines.find((name) => !schedules.has(name));
  if (missing !== undefined)
    throw new UserError(
      `cell ${cell} has no const ${missing} = "...": a schedule is a text in quotation marks`,
    );
  return {status: "schedules", schedules};
}

function parsed(text: string, cell: number): Program {
  try {
    return parse(text, {ecmaVersion: 2023, sourceType: "module"});
  } catch (error) {
    throw new UserError(`cell ${cell} does not parse: ${(error as Error).message}`);
  }
}
