// What a system call has answered, as a trace writes it down.

import type {LinkedMachine} from "./linked_machine.ts";
import type {Done} from "./trace.ts";

export const OK: Done = {ret: 0, err: "0"};

export function failed(err: string): Done {
  return {ret: -1, err};
}

/** An address counts as 0. */
export function answerOf({kernel}: LinkedMachine, ret: number): Done {
  return ret < 0 ? failed(kernel.errname(-ret)) : OK;
}
