// What has to happen on other CPUs before a changed entry is safe to rely on. Models arch/x86/mm/tlb.c and the waiting of
// kernel/smp.c, v5.13.
//
// There is no TLB here: what is kept of a flush is that it interrupts the CPUs that run in the process and waits until each has
// answered. A CPU that looks at page tables with interrupts off cannot answer, and that is what GUP-fast relies on. Leaves out: the
// flush of the CPU's own TLB, lazy TLBs. Differs from v5.13: mm_cpumask holds only CPUs that a race lists, and never the one
// that flushes. A machine without `ipi` flushes by broadcast, as arm64 does, or through its host, and waits for nobody.

import type {Op} from "../sim/index.ts";
import {csd_lock_wait, send_call_function_ipi} from "../sim/lock.ts";
import {machine} from "../sim/machine.ts";
import type {Mm} from "./mm_types.ts";

/** After an entry of `mm` was changed. */
export function* flush_tlb_mm_range(mm: Mm): Op<void> {
  if (!machine.ipi) return;
  yield* smp_call_function_many(mm.cpumask);
}

/** Interrupts these CPUs and waits until all have answered. */
export function* smp_call_function_many(cpus: readonly number[]): Op<void> {
  for (const cpu of cpus) yield* send_call_function_ipi(cpu);
  for (const cpu of cpus) yield* csd_lock_wait(cpu);
}
