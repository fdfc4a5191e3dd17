// Runs recorded sequences of operations on the model, and holds what it says against what a real kernel said.

export {UNCLAIMED} from "./claims.ts";
export type {Value} from "./compare.ts";
export {
  fidelityOf,
  type Agreement,
  type Counted,
  type Fidelity,
  type FunctionRow,
  type Group,
  type KernelFunction,
  type LeftOut,
  type Statement,
  type Unstable,
} from "./fidelity.ts";
export {kpageflag, type Kpageflags} from "./kpageflags.ts";
export {bootChecked, CheckedMachine} from "./invariants/checked_machine.ts";
export {bootWith, LinkedMachine, machineOf, machineOfTraces} from "./linked_machine.ts";
export type {Boot, RecordedMachine} from "./machine.ts";
export {Observer, type Frames, type PagemapEntry, type ProcessFacts} from "./observe.ts";
export {OPERATION_NAMES, unknownOperation} from "./operation_names.ts";
export type {EntryRun, Look, PageRun, ProcessLook} from "./look.ts";
export {
  runSequence,
  type SequenceOptions,
  type SequenceRun,
  type SequenceStep,
} from "./sequence.ts";
export {readTraces, TraceError} from "./read_traces.ts";
export {
  runTraces,
  sumOf,
  type Comparison,
  type Disagreement,
  type RunOptions,
  type Tallies,
} from "./run.ts";
export type {
  At,
  Done,
  Op,
  Outcome,
  Pages,
  ProcessName,
  ProcessState,
  Run,
  Sequence,
  State,
  Step,
  TraceFile,
  ValueRun,
  Vma,
  Vmstat,
} from "./trace.ts";
export type {Cause} from "./versions.ts";
