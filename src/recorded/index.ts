// Runs recorded sequences of operations on the model, and holds what it says against what a real kernel said.

export {bootWith} from "./linked_machine.ts";
export type {Boot, RecordedMachine} from "./machine.ts";
export {OPERATION_NAMES, unknownOperation} from "./operation_names.ts";
export type {
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
