// Every fix on every race: the table of the book.

export {
  cellsOf,
  Comparing,
  comparisonOf,
  NOTHING,
  pack,
  unpack,
  type Cell,
  type Comparison,
  type Packed,
  type Plan,
  type Task,
} from "./compare.ts";
export {sayParameters, type Verdict} from "./cells.ts";
export {families} from "./plan.ts";
export {tableText} from "./text.ts";
export {ELSE, questions} from "./questions.ts";
