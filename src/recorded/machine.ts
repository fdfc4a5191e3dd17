// What is held against a recording: a machine that does operations, and is looked at after each.

import type {Done, Op, State, Vmstat} from "./trace.ts";

export interface RecordedMachine {
  /** "unsupported" if the machine does not know the operation: then nothing has happened. */
  do(op: Op): Done | "unsupported";
  /** What /proc says of each process that there is. Called once after each operation: who looks twice sees frames of two times. */
  observe(): State;
  /** /proc/vmstat as it stands: how it changed is computed by whoever asks. */
  vmstat(): Vmstat;
  /** Of a machine that checks itself: what is wrong with it, in sentences. */
  violations?(): readonly string[];
}

/** A machine as it is before the first operation: a parent without any mapping. */
export type Boot = () => RecordedMachine;
