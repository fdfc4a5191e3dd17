// What it costs to read smaps of a huge page that is mapped part by part, with each fix: would it be a colossal performance penalty to take a
// reference every time? Accesses are counted by running the kernel; who has which cache line is worked out beside it.
//
// Nobody splits here: it is what everybody pays on all the days on which nothing goes wrong.

import type {LinkedKernel} from "../livepatch/index.ts";
import type {Kernel} from "../races/index.ts";
import {
  compile,
  enabled,
  perform,
  run_alone,
  writes_now,
  type Machine,
  type MemoryOperation,
  type Op,
  type Operation,
} from "../sim/index.ts";
import {CacheLines} from "./cache_lines.ts";
import {isAtomic} from "./measures.ts";

/** Sub-pages of a huge page on x86-64, and huge pages in a GiB. */
export const REAL_PAGES = 512;
export const PER_GIB = 512;

/** What one reader does, for one huge page of `pages` sub-pages. */
export type Costs = {
  readonly pages: number;
  /** Accesses to shared memory, the atomic ones among them, and those made while a spinlock is held. */
  readonly accesses: number;
  readonly atomics: number;
  readonly underSpinlock: number;
  /** Cache lines that travel to it: alone, and with another CPU that reads smaps of another process with the same huge page. */
  readonly transfers: number;
  readonly transfersWithAnother: number;
};

/** With each fix, for huge pages of several sizes. */
export type CostTable = {
  readonly assumptions: readonly string[];
  readonly rows: readonly {readonly fix: string; readonly costs: readonly Costs[]}[];
};

export function costsOf(linked: LinkedKernel, pages: number): Costs {
  const alone = read(linked, pages, 1);
  const two = read(linked, pages, 2);
  return {
    pages,
    ...alone.counts,
    transfers: alone.transfers,
    transfersWithAnother: two.transfers,
  };
}

type Counts = Pick<Costs, "accesses" | "atomics" | "underSpinlock">;

/** So many readers, each of a process of its own; they take turns, an access each. What the first of them does. */
function read(
  linked: LinkedKernel,
  pages: number,
  readers: number,
): {counts: Counts; transfers: number} {
  const {machine, kernel: functions} = linked.boot({pages, pgflags: false});
  const kernel = functions as unknown as Kernel;
  const mms = mapByPtes(kernel, machine, 2);
  const lines = new CacheLines();
  const cpus = Array.from({length: readers}, (_, i) => new Cpu(kernel.show_smap(mms[i]), i));
  while (cpus.some(({finished}) => !finished)) {
    for (const cpu of cpus) cpu.step(machine, lines);
  }
  return {counts: cpus[0].counts, transfers: lines.transfers[0]};
}

/** A huge page that processes map part by part. */
function mapByPtes(kernel: Kernel, machine: Machine, processes: number) {
  const first = run_alone(kernel.start_kernel(), machine);
  const anon_vma = kernel.anon_vma_alloc();
  const mms = Array.from({length: processes}, (_, i) => kernel.mm_alloc(`mm${i}`, anon_vma));
  run_alone(kernel.map_huge_page(first, mms), machine);
  for (const mm of mms)
    run_alone(kernel.split_huge_pmd(mm.mmap[0], mm.mmap[0].vm_start), machine);
  return mms;
}

/** A CPU that runs one computation and counts what it does. */
class Cpu {
  finished = false;
  readonly counts = {accesses: 0, atomics: 0, underSpinlock: 0};
  private readonly run: Op<unknown>;
  private readonly number: number;
  private next: MemoryOperation | null = null;
  private spinlocks = 0;

  constructor(run: Op<unknown>, number: number) {
    this.run = run;
    this.number = number;
    this.advance(0);
  }

  /** Makes one access, if it can. */
  step({memory}: Machine, lines: CacheLines): void {
    const operation = this.next;
    if (operation === null) return;
    const transition = compile(operation, memory, this.number, []);
    if (!enabled(transition, memory.halves)) return;
    // A lock is written to even if its word says nothing new.
    const writes = isAtomic(operation) || writes_now(transition, memory.halves);
    lines.access(this.number, operation.cell.address, writes);
    this.count(operation);
    this.advance(perform(transition, memory.halves));
  }

  private count(operation: MemoryOperation): void {
    const {act} = operation;
    if (act === "unlock") this.spinlocks--;
    this.counts.accesses++;
    if (isAtomic(operation)) this.counts.atomics++;
    if (this.spinlocks > 0) this.counts.underSpinlock++;
    if (act === "lock") this.spinlocks++;
  }

  private advance(observed: number): void {
    this.next = null;
    for (let answer = observed; ; answer = 0) {
      const {done, value} = this.run.next(answer) as IteratorResult<Operation, unknown>;
      this.finished = done === true;
      if (done) return;
      if (value.act === "bug") throw new Error(value.message);
      if (!("cell" in value)) continue;
      this.next = value;
      return;
    }
  }
}
