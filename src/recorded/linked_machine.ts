// The model's side: a linked kernel that does what was done on a real one, and whose own readers are asked what /proc says.

import {answered, type LinkedKernel} from "../livepatch/index.ts";
import type * as mm from "../mm/index.ts";
import type {Mm, Page, PagemapEntry as Entry} from "../mm/index.ts";
import type {Machine, MachineOptions, Op as Computation} from "../sim/index.ts";
import type {Boot, RecordedMachine} from "./machine.ts";
import {Observer, type PagemapEntry, type ProcessFacts} from "./observe.ts";
import {operations} from "./operations.ts";
import {readSmaps} from "./smaps.ts";
import type {Done, Op, ProcessName, State, TraceFile, Vmstat} from "./trace.ts";

export type Kernel = typeof mm;

/** What was recorded on: huge pages of 512, an arena of twelve of them, and two nodes with room for three processes that fill it. */
export const RECORDED: MachineOptions = {
  pages: 512,
  pgflags: true,
  pmds: 12,
  syscalls: true,
  nodes: [40 * 512, 12 * 512],
};

/**
 * The same with smaller huge pages, of `pages` parts, of which a process may map `pmds`. There are more frames than all processes can map: a huge page of
 * which one part is mapped has all of them, and who is pinned stays.
 */
export function machineOf({
  pages,
  pmds,
}: {
  readonly pages: number;
  readonly pmds: number;
}): MachineOptions {
  if (pages === RECORDED.pages && pmds === RECORDED.pmds) return RECORDED;
  return {...RECORDED, pages, pmds, nodes: [4 * (3 * pmds + 4) * pages, pmds * pages]};
}

/** What a file was recorded on. */
export function machineOfTraces({
  hpagePmdSize,
  arenaPages,
}: Pick<TraceFile, "hpagePmdSize" | "arenaPages">): MachineOptions {
  const pages = hpagePmdSize / 4096;
  return machineOf({pages, pmds: Math.ceil(arenaPages / pages)});
}

/** Machines with this kernel, each fresh. */
export function bootWith(linked: LinkedKernel, options: MachineOptions = RECORDED): Boot {
  return () => new LinkedMachine(linked, options);
}

export class LinkedMachine implements RecordedMachine {
  readonly kernel: Kernel;
  readonly machine: Machine;
  /** The processes that there are, by name. */
  readonly processes = new Map<ProcessName, Mm>();
  /** Pages that a pipe holds, and those that are pinned for a device. */
  readonly piped: Page[] = [];
  readonly pinned: Page[] = [];
  /** What the next operation writes: a byte that is not 0, and another in each page. */
  written = 1;
  private readonly observer = new Observer();

  constructor(linked: LinkedKernel, options: MachineOptions = RECORDED) {
    const {machine, kernel} = linked.bootAlone(options);
    this.machine = machine;
    this.kernel = kernel as unknown as Kernel;
    this.kernel.mem_init();
    this.useHugeZeroPage();
    this.processes.set("parent", this.kernel.mm_init("parent"));
  }

  /** Whoever recorded ran others before: one of them has read where nothing was written, and the huge zero page has been there since. */
  private useHugeZeroPage(): void {
    const before = this.kernel.mm_init("before");
    this.run(this.kernel.mm_get_huge_zero_page(before));
    this.run(this.kernel.mm_put_huge_zero_page(before));
  }

  /** What a function of the kernel answers: it has run to its end when it is called. */
  run<T>(computation: Computation<T>): T {
    return answered(computation);
  }

  process(name: ProcessName): Mm {
    const mm = this.processes.get(name);
    if (!mm) throw new Error(`there is no process ${name}: was it forked?`);
    return mm;
  }

  /** The address of a page of the arena. */
  address(page: number): number {
    const {TASK_START, PAGE_SIZE} = this.kernel;
    return TASK_START + page * PAGE_SIZE;
  }

  /** What is written to a page. */
  contents(page: number): number {
    return this.written + page;
  }

  do(op: Op): Done | "unsupported" {
    if (!Object.hasOwn(operations, op.name)) return "unsupported";
    return operations[op.name](this, op);
  }

  observe(): State {
    const facts = [...this.processes].map(([name, mm]) => [name, this.factsOf(mm)] as const);
    return this.observer.observe(Object.fromEntries(facts), {
      kpagecount: (pfn) => this.run(this.kernel.kpagecount_read(pfn, 1))[0],
      kpageflags: (pfn) => this.run(this.kernel.kpageflags_read(pfn, 1))[0],
    });
  }

  vmstat(): Vmstat {
    return Object.fromEntries(this.kernel.node().vm_stat);
  }

  /** What /proc says of a process. */
  factsOf(mm: Mm): ProcessFacts {
    const {TASK_START, PAGE_SIZE} = this.kernel;
    const smaps = this.run(this.kernel.pid_smaps_read(mm));
    const vmas = readSmaps(smaps, TASK_START, PAGE_SIZE);
    const entries = this.run(this.kernel.pagemap_read(mm));
    // The entries of one VMA stand behind those of the one before it.
    const pages = vmas.flatMap(({from, to}) =>
      Array.from({length: to - from}, (_, i) => from + i),
    );
    return {vmas, pagemap: new Map(pages.map((page, i) => [page, entryOf(entries[i])]))};
  }
}

function entryOf({state, frame, exclusive, file = false}: Entry): PagemapEntry {
  const present = state === "present";
  const swapped = state === "swap";
  return {
    ...{present, swapped, exclusive, fileOrShmem: file, softDirty: false},
    ...{pfn: present ? frame : 0, swapType: swapped ? frame : 0},
  };
}
