// Every fix on every race: the table of the book.

export {Comparing, type Plan, type Task} from "./compare.ts";
export {
  cellsOf,
  comparisonOf,
  NOTHING,
  pack,
  unpack,
  type Cell,
  type Comparison,
  type Packed,
} from "./comparison.ts";
export type {Verdict} from "./cells.ts";
export {ASSUMPTIONS, CacheLines, LINE_BYTES} from "./cache_lines.ts";
export {costsOf, PER_GIB, REAL_PAGES, type Costs, type CostTable} from "./costs.ts";
export {
  histogramOf,
  observed,
  OBSERVED,
  patternAlong,
  patternsOf,
  recordings,
  SIZES,
  type Seen,
} from "./observed.ts";
export {families} from "./plan.ts";
export {tableText} from "./text.ts";
export {ELSE, questions} from "./questions.ts";
