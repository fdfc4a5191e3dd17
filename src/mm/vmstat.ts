// Counting what happens: /proc/vmstat. Models mm/vmstat.c and include/linux/vm_event_item.h, v5.13.
//
// Differs from v5.13: each CPU counts for itself there, and the sum is made when somebody asks; so counting is nobody's shared access, and
// no step here. Machines on which threads race do not count.

import {has_syscalls} from "./mm_types.ts";
import {node} from "./mmzone.ts";

/** Huge pages that some PMD maps as a whole. */
export const NR_ANON_THPS = "nr_anon_transparent_hugepages";

/** Something has happened, `n` times: `thp_fault_alloc`. Models count_vm_events(). */
export function count_vm_event(name: string, n = 1): void {
  if (!has_syscalls()) return;
  const {vm_stat} = node();
  vm_stat.set(name, (vm_stat.get(name) ?? 0) + n);
}

/** There are `n` more, or fewer, of something now: `nr_anon_transparent_hugepages`. */
export function mod_node_page_state(name: string, n: number): void {
  count_vm_event(name, n);
}
