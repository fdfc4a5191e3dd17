// The explorer: every schedule of a program, and the shortest story of what goes wrong.

export {isMacro, type EndInvariant, type Ending, type Failure, type Monitor, type Program, type Thread} from "./program.ts";
export type {Counts, Finding, Path, Report} from "./report.ts";
export {search, type Budget, type Explored, type Progress} from "./stateful.ts";
export type {Change, Place, Step, Trace, TraceFinding, Word} from "./trace.ts";
