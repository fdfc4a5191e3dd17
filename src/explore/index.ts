// The explorer: every schedule of a program, and the shortest story of what goes wrong.

export {
  isMacro,
  recorded,
  under,
  type EndInvariant,
  type Ending,
  type Failure,
  type Monitor,
  type Program,
  type Thread,
  type WatchedStep,
} from "./program.ts";
export type {
  Counts,
  DataRace,
  Decides,
  DecidingAccess,
  Finding,
  Path,
  RacingAccess,
  Report,
  Shard,
} from "./report.ts";
export type {Access, Measure} from "./most.ts";
export {Space} from "./space.ts";
export {search, type Explored} from "./stateful.ts";
export {runToEnd, type Budget, type Estimate, type Progress, type Search} from "./watch.ts";
export type {
  Change,
  Naming,
  Pending,
  Place,
  Step,
  Trace,
  TraceFinding,
  Wait,
  Word,
} from "./trace.ts";
export {execute, executing, type Running} from "./execution.ts";
export {buffersAt, isBuffered, isDrain} from "./buffered_steps.ts";
export {memoryAt, stepOf, stepsOf} from "./moments.ts";
export {DEFAULTS, explore, exploring, type ExploreOptions} from "./explore.ts";
export {grouped, sayProgress} from "./progress_text.ts";
export {MEMORY_MODELS, type MemoryModel} from "../sim/index.ts";
export {whyNotUnder, whyUndivided} from "./cover.ts";
export type {PartNumber} from "./sharding.ts";
export {merge, whyNotMerged} from "./merge.ts";
export {strategies, type StrategyName} from "./strategies.ts";
export {formatSchedule, RESERVED, parseSchedule, type Schedule} from "./schedule.ts";
