// What grading a submission gives, as plain data: the file `results.json`. Same submission, same bytes: no times are in it.

import type {HaltStatus} from "./student.ts";

export const VERSION = 1;

/** `not_attempted`: the cell is as it was handed out. A submission that cannot be read at all is an `error` of every property. */
export type Status = "pass" | "fail" | HaltStatus | "not_attempted";

export type PropertyResult = {
  readonly id: string;
  readonly title: string;
  /** What it is worth, and what was earned: whole numbers. */
  readonly points: number;
  readonly earned: number;
  readonly status: Status;
  /** A sentence: what is wrong. Empty where nothing is. */
  readonly message: string;
  readonly counterexample: Counterexample | null;
  /** A check that students do not see. */
  readonly hidden: boolean;
};

export type Counterexample = {
  /** What `tailpage replay` and the book understand. */
  readonly schedule: string;
  /** The run in words, a line for each step that another CPU could see. */
  readonly steps: readonly string[];
  /** The functions that the student wrote, by name: what the schedule was recorded on. */
  readonly livepatches: readonly {readonly name: string; readonly text: string}[];
};

export type Results = {
  readonly version: typeof VERSION;
  readonly assignment: string;
  /** Of the book and its model, as the grader has it. */
  readonly edition: string;
  readonly file: string;
  /** As the student has typed it; empty where they have not. */
  readonly student: string;
  /** Names what was handed in: the student can quote it. */
  readonly receipt: string;
  readonly score: number;
  readonly maxScore: number;
  readonly properties: readonly PropertyResult[];
  /** What else is to be said: another edition, a file that cannot be read. */
  readonly notes: readonly string[];
};
