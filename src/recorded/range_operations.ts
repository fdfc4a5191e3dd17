// Operations on ranges of a process's memory, and on processes: which system calls of the model they are.

import type {Mm} from "../mm/index.ts";
import type {Op as Computation} from "../sim/index.ts";
import {answerOf, OK} from "./answers.ts";
import type {Kernel, LinkedMachine} from "./linked_machine.ts";
import type {Operation} from "./operations.ts";
import type {Op} from "./trace.ts";

/** What an operation is about, in bytes. */
type Range = {
  readonly mm: Mm;
  readonly start: number;
  readonly len: number;
  /** As the trace has it: what it means depends on the operation. */
  readonly c: number;
  /** `c` pages from the start of the arena. */
  readonly to: number;
  readonly page_size: number;
};

/** A system call of one process, which answers a number that is negative if it fails. */
function syscall(call: (kernel: Kernel, range: Range) => Computation<number>): Operation {
  return (machine, op) =>
    answerOf(machine, machine.run(call(machine.kernel, rangeOf(machine, op))));
}

function rangeOf(machine: LinkedMachine, {proc, a, b, c}: Op): Range {
  const page_size = machine.kernel.PAGE_SIZE;
  const [mm, start, to] = [machine.process(proc), machine.address(a), machine.address(c)];
  return {mm, start, len: b * page_size, c, to, page_size};
}

/** A trace says 0 for the protection that most mappings have. */
function mmap(shared: boolean): Operation {
  return syscall((kernel, {mm, start, len, c}) => {
    const prot = c === 0 ? kernel.PROT_READ | kernel.PROT_WRITE : c;
    return kernel.do_mmap(mm, start, len, prot, shared);
  });
}

function mremap(flags: (kernel: Kernel) => number): Operation {
  return syscall((kernel, {mm, start, len, to}) =>
    kernel.mremap(mm, start, len, len, flags(kernel), to),
  );
}

const mappings: Readonly<Record<string, Operation>> = {
  mmap: mmap(false),
  mmap_shared: mmap(true),
  munmap: syscall((kernel, {mm, start, len}) => kernel.do_munmap(mm, start, len)),
  mprotect: syscall((kernel, {mm, start, len, c}) => kernel.do_mprotect(mm, start, len, c)),
  mremap: mremap((kernel) => kernel.MREMAP_MAYMOVE | kernel.MREMAP_FIXED),
  mremap_dontunmap: mremap(
    (kernel) => kernel.MREMAP_MAYMOVE | kernel.MREMAP_FIXED | kernel.MREMAP_DONTUNMAP,
  ),
  mremap_resize: syscall((kernel, {mm, start, len, c, page_size}) =>
    kernel.mremap(mm, start, len, c * page_size, 0, 0),
  ),
  mlock: syscall((kernel, {mm, start, len}) => kernel.mlock(mm, start, len)),
  mlock_onfault: syscall((kernel, {mm, start, len}) => kernel.mlock_onfault(mm, start, len)),
  munlock: syscall((kernel, {mm, start, len}) => kernel.munlock(mm, start, len)),
};

/** By its name in a trace, the advice as madvise() is given it. That of 6.1 is one that 5.14 does not know. */
const ADVICE: Readonly<Record<string, number>> = {
  ...{
    normal: 0,
    random: 1,
    sequential: 2,
    willneed: 3,
    dontneed: 4,
    free: 8,
    dontfork: 10,
    dofork: 11,
  },
  ...{mergeable: 12, unmergeable: 13, hugepage: 14, nohugepage: 15, dontdump: 16, dodump: 17},
  ...{wipeonfork: 18, keeponfork: 19, cold: 20, pageout: 21},
  ...{populate_read: 22, populate_write: 23, collapse: 25},
};

function madvise(behavior: number): Operation {
  return syscall((kernel, {mm, start, len}) => kernel.do_madvise(mm, start, len, behavior));
}

const advice: Readonly<Record<string, Operation>> = Object.fromEntries(
  Object.entries(ADVICE).map(([name, behavior]) => [`madv_${name}`, madvise(behavior)]),
);

const processes: Readonly<Record<string, Operation>> = {
  fork: (machine, {proc}) => {
    const {kernel} = machine;
    const child = machine.run(kernel.dup_mm(machine.process("parent"), proc));
    machine.processes.set(proc, child);
    return OK;
  },
  exit: (machine, {proc}) => {
    machine.run(machine.kernel.mmput(machine.process(proc)));
    machine.processes.delete(proc);
    return OK;
  },
  thp_disable: (machine, {proc, c}) => {
    machine.run(machine.kernel.prctl_set_thp_disable(machine.process(proc), c !== 0));
    return OK;
  },
};

export const rangeOperations: Readonly<Record<string, Operation>> = {
  ...mappings,
  ...advice,
  ...processes,
};
