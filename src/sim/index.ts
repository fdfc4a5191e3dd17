// The machine: words of shared memory, and the operations that threads perform on them.

export {cell, cell_name, type Cell, type CellType} from "./cell.ts";
export type {
  Act,
  Announcement,
  Complaint,
  Answer,
  InterruptOperation,
  MemoryOperation,
  Op,
  Operation,
  AwaitOperation,
  StepOperation,
} from "./operation.ts";
export {cpu_interrupts, seal, type Machine, type MachineOptions} from "./machine.ts";
export {Journal} from "./journal.ts";
export {Memory, read_word} from "./memory.ts";
export {MEMORY_MODELS, MODEL_NAMES, type MemoryModel} from "./memory_model.ts";
export {
  FULL_FENCE,
  fence_of,
  NO_FENCE,
  ordering_of,
  strength_of,
  stronger,
  type Fence,
  type Ordering,
} from "./ordering.ts";
export {
  compile,
  enabled,
  halves_touched,
  hex,
  is_on_bit,
  may_wait,
  only_reads,
  perform,
  wildAccess,
  would_observe,
  writes_now,
  type Transition,
} from "./perform.ts";
export {perform_alone, run_alone} from "./run_alone.ts";
export {MOST_ENTRIES, StoreBuffers, type Buffered, type OrderedStep} from "./store_buffer.ts";
