// A race of one's own, as its author writes it: `export const race: OwnRace = {about, stage}`, and more where it is wanted.

import type {Ending, EndInvariant, Monitor} from "../explore/program.ts";
import type {Cell, MachineOptions, Memory, Op} from "../sim/index.ts";
import type * as atomic from "../sim/atomic.ts";
import type * as bug from "../sim/bug.ts";
import type * as call from "../sim/call.ts";
import type * as cells from "../sim/cell.ts";
import type * as lock from "../sim/lock.ts";
import type * as boot from "../mm/boot.ts";
import type * as debug from "../mm/debug.ts";
import type * as errno from "../mm/errno.ts";
import type * as fault from "../mm/fault.ts";
import type * as filemap from "../mm/filemap.ts";
import type * as fork from "../mm/fork.ts";
import type * as gup from "../mm/gup.ts";
import type * as highmem from "../mm/highmem.ts";
import type * as huge_memory from "../mm/huge_memory.ts";
import type * as io_uring from "../mm/io_uring.ts";
import type * as khugepaged from "../mm/khugepaged.ts";
import type * as list from "../mm/list.ts";
import type * as madvise from "../mm/madvise.ts";
import type * as madvise_pages from "../mm/madvise_pages.ts";
import type * as memory from "../mm/memory.ts";
import type * as migrate from "../mm/migrate.ts";
import type * as mlock from "../mm/mlock.ts";
import type * as mm from "../mm/mm.ts";
import type * as mm_types from "../mm/mm_types.ts";
import type * as mmap from "../mm/mmap.ts";
import type * as mmdebug from "../mm/mmdebug.ts";
import type * as mmzone from "../mm/mmzone.ts";
import type * as mprotect from "../mm/mprotect.ts";
import type * as mremap from "../mm/mremap.ts";
import type * as page_flags from "../mm/page-flags.ts";
import type * as proc_page from "../mm/page.ts";
import type * as page_alloc from "../mm/page_alloc.ts";
import type * as page_io from "../mm/page_io.ts";
import type * as page_ref from "../mm/page_ref.ts";
import type * as page_vma_mapped from "../mm/page_vma_mapped.ts";
import type * as pagemap from "../mm/pagemap.ts";
import type * as pgtable from "../mm/pgtable.ts";
import type * as process_vm_access from "../mm/process_vm_access.ts";
import type * as processor from "../mm/processor.ts";
import type * as rmap from "../mm/rmap.ts";
import type * as shmem from "../mm/shmem.ts";
import type * as splice from "../mm/splice.ts";
import type * as swap from "../mm/swap.ts";
import type * as swap_state from "../mm/swap_state.ts";
import type * as swapfile from "../mm/swapfile.ts";
import type * as swapops from "../mm/swapops.ts";
import type * as sys from "../mm/sys.ts";
import type * as task_mmu from "../mm/task_mmu.ts";
import type * as tlb from "../mm/tlb.ts";
import type * as util from "../mm/util.ts";
import type * as vmscan from "../mm/vmscan.ts";
import type * as vmstat from "../mm/vmstat.ts";
import type * as workingset from "../mm/workingset.ts";
import type {Parameter, Parameters} from "./parameter.ts";

/** Every function of the linked kernel and of the machine's operations, by name. */
export type OwnKernel = typeof atomic &
  typeof bug &
  typeof call &
  typeof cells &
  typeof lock &
  typeof boot &
  typeof debug &
  typeof errno &
  typeof fault &
  typeof filemap &
  typeof fork &
  typeof gup &
  typeof highmem &
  typeof huge_memory &
  typeof io_uring &
  typeof khugepaged &
  typeof list &
  typeof madvise &
  typeof madvise_pages &
  typeof memory &
  typeof migrate &
  typeof mlock &
  typeof mm &
  typeof mm_types &
  typeof mmap &
  typeof mmdebug &
  typeof mmzone &
  typeof mprotect &
  typeof mremap &
  typeof page_flags &
  typeof proc_page &
  typeof page_alloc &
  typeof page_io &
  typeof page_ref &
  typeof page_vma_mapped &
  typeof pagemap &
  typeof pgtable &
  typeof process_vm_access &
  typeof processor &
  typeof rmap &
  typeof shmem &
  typeof splice &
  typeof swap &
  typeof swap_state &
  typeof swapfile &
  typeof swapops &
  typeof sys &
  typeof task_mmu &
  typeof tlb &
  typeof util &
  typeof vmscan &
  typeof vmstat &
  typeof workingset & {
    /** For stage(): runs `op` to its end, with nobody else there. */
    run_alone<T>(op: Op<T>): T;
  };

/** Reads and writes without a step: for the first state, and for whoever only looks. */
export type OwnMemory = Pick<Memory, "allocate" | "read" | "write">;

export type OwnMachine = MachineOptions & {readonly memory: OwnMemory};

export type OwnEnding = Omit<Ending, "memory"> & {readonly memory: OwnMemory};

export type OwnScene = {
  /** `run` is a generator function: every `yield*` is a place where another CPU may run. */
  readonly threads: readonly {readonly name: string; run(): Op<unknown>}[];
  /** What must hold once all threads have finished: a sentence that says what is wrong, or null. */
  readonly invariants?: readonly {
    readonly name: EndInvariant["name"];
    check(memory: OwnMemory): string | null | undefined;
  }[];
  readonly monitors?: readonly Monitor[];
  /** The result of a run: the report lists all that there are. */
  outcome?(ending: OwnEnding): string | null;
  /** Words that a reader wants to see whether or not a run touches them. */
  readonly shows?: readonly Cell[];
};

export type OwnRace = {
  /** The file's name, if it says nothing else. */
  readonly name?: string;
  /** One sentence: who does what to whom. */
  readonly about: string;
  /** One sentence: what is at stake. */
  readonly stake?: string;
  readonly parameters?: readonly (Omit<Parameter, "about"> & {readonly about?: string})[];
  note?(parameters: Parameters): string | null;
  /** The machine it wants: 4 sub-pages in a huge page and all checks on, if it says nothing else. */
  readonly machine?:
    Partial<MachineOptions> | ((parameters: Parameters) => Partial<MachineOptions>);
  /** Brings the machine to the first state and says what happens then. */
  stage(kernel: OwnKernel, machine: OwnMachine, parameters: Parameters): OwnScene;
};
