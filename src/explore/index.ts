// The explorer: every schedule of a program, and the shortest story of what goes wrong.

export {
  isMacro,
  type EndInvariant,
  type Ending,
  type Failure,
  type Monitor,
  type Program,
  type Thread,
} from "./program.ts";
export type {Counts, Finding, Path, Report} from "./report.ts";
export {Space} from "./space.ts";
export {search, type Explored} from "./stateful.ts";
export type {Budget, Progress} from "./watch.ts";
export type {Change, Place, Step, Trace, TraceFinding, Word} from "./trace.ts";
export {execute} from "./execution.ts";
export {explore, type ExploreOptions} from "./explore.ts";
export {strategies, type StrategyName} from "./strategies.ts";
export {formatSchedule, parseSchedule, type Schedule} from "./schedule.ts";
