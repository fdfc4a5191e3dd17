// Which rows of the comparison a table of the fixes has.

import {NOTHING, type Comparison} from "../src/compare/comparison.ts";

type Set = Readonly<Record<string, string | number>>;

export type TableOptions = {
  readonly race: string;
  /** Parameters that tell which size is meant, where there are several. */
  readonly set?: Set;
  readonly questions: readonly string[];
  /** Without it, those that change anything of what this race runs. */
  readonly fixes?: readonly string[] | undefined;
};

export function rowsOf(
  comparison: Comparison,
  {race, set = {}, fixes}: Omit<TableOptions, "questions">,
): Comparison {
  const all = comparison.filter((row) => row.race === race && isOfSize(row.parameters, set));
  const before = all.find((row) => row.fix === NOTHING);
  return all.filter((row) =>
    fixes ? fixes.includes(row.fix) : row === before || row.code !== before?.code,
  );
}

function isOfSize(parameters: Set, set: Set): boolean {
  return Object.entries(set).every(
    ([name, value]) => String(parameters[name]) === String(value),
  );
}
