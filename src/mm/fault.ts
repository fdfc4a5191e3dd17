// Page faults of processes. Models arch/x86/mm/fault.c, v5.13.

import type {Op} from "../sim/index.ts";
import type {Mm} from "./mm_types.ts";

export function* do_user_addr_fault(_mm: Mm, _address: number, _write: boolean): Op<boolean> {
  return false;
}
