// The names of all operations that a trace file may have (evidence/SCHEMA.md), whether the model does them or not.

import type {At, TraceFile} from "./trace.ts";

/** Of `madv_*`: what madvise(2) knows. */
const ADVICE = [
  ...["normal", "random", "sequential", "willneed", "dontneed", "free", "remove"],
  ...["dontfork", "dofork", "mergeable", "unmergeable", "hugepage", "nohugepage", "collapse"],
  ...["dontdump", "dodump", "wipeonfork", "keeponfork", "cold", "pageout"],
  ...["populate_read", "populate_write"],
];

export const OPERATION_NAMES: readonly string[] = [
  ...[
    "mmap",
    "mmap_shared",
    "munmap",
    "mprotect",
    "mremap",
    "mremap_dontunmap",
    "mremap_resize",
  ],
  ...["write", "read", "pvm_read", "pvm_write_child"],
  ...["mlock", "mlock_onfault", "munlock"],
  ...["fork", "exit", "thp_disable", "clear_refs"],
  ...["move_pages", "debugfs_split", "drop_slab"],
  ...["vmsplice", "pipe_close", "uring_pin", "uring_unpin"],
  ...ADVICE.map((advice) => `madv_${advice}`),
];

/** The name of a file's first operation that is none, and where it is; null if there is no such. */
export function unknownOperation(file: TraceFile): At | null {
  for (const {name: sequence, steps} of file.sequences) {
    const step = steps.findIndex(({op}) => !OPERATION_NAMES.includes(op.name));
    if (step >= 0) return {sequence, step, op: steps[step].op.name};
  }
  return null;
}
