// What is measured: configurations of the race checker_scenario. S splits, each R reads, each G takes a reference.

export type Mode = "buggy" | "noassert" | "fix";

export type Configuration = {
  readonly shape: string;
  readonly pages: number;
  readonly mode: Mode;
  /** Of SPIN's model: see FORGETFUL in scenario.pml. */
  readonly forgetful?: boolean;
};

/** Five threads, nothing to be found: the whole space. All ratios are told of this one first. */
export const HEADLINE: Configuration = {shape: "SRRGG", pages: 3, mode: "fix"};

/** Explored to the end by SPIN and by us. */
export const WHOLE_SPACE: readonly Configuration[] = [
  HEADLINE,
  {...HEADLINE, forgetful: true},
  {shape: "SRRGG", pages: 3, mode: "noassert"},
  {shape: "SRRGG", pages: 4, mode: "noassert"},
  {shape: "SRGG", pages: 3, mode: "fix"},
  {shape: "SRRG", pages: 3, mode: "fix"},
  {shape: "SRRG", pages: 3, mode: "noassert"},
  {shape: "SRG", pages: 3, mode: "noassert"},
];

/** There is a BUG: the shortest way to it is wanted. */
export const TO_THE_BUG: readonly Configuration[] = [
  {shape: "SR", pages: 3, mode: "buggy"},
  {shape: "SRG", pages: 3, mode: "buggy"},
];

/** One execution for each trace. */
export const EVERY_TRACE: readonly Configuration[] = [
  {shape: "SRRG", pages: 2, mode: "noassert"},
  {shape: "SRGG", pages: 2, mode: "fix"},
];

/** The configuration in which many schedules are drawn until one meets the BUG. */
export const HUNT: Configuration = {shape: "SR", pages: 3, mode: "buggy"};

export function nameOf({shape, pages, mode, forgetful}: Configuration): string {
  return `${shape}, ${pages} pages, ${mode}${forgetful ? ", SPIN's model forgetful" : ""}`;
}

export function threadsOf({shape}: Configuration, letter: "S" | "R" | "G"): number {
  return [...shape].filter((one) => one === letter).length;
}
