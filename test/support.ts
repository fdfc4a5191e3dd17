// What many tests need: the kernel linked as everybody runs it, a machine in its first state, and a way to look on
// while one computation runs.

import {sources} from "virtual:kernel-source";
import {explore, Space, type Program, type Report} from "../src/explore/index.ts";
import {fixNamed} from "../src/fixes/index.ts";
import {link, type LinkedKernel, type Livepatch} from "../src/livepatch/index.ts";
import {prepare} from "../src/livepatch/prepare.ts";
import type * as start from "../src/mm/boot.ts";
import type * as errno from "../src/mm/errno.ts";
import type * as fault from "../src/mm/fault.ts";
import type * as fork from "../src/mm/fork.ts";
import type * as gup from "../src/mm/gup.ts";
import type * as highmem from "../src/mm/highmem.ts";
import type * as khugepaged from "../src/mm/khugepaged.ts";
import type * as madvise from "../src/mm/madvise.ts";
import type * as memory from "../src/mm/memory.ts";
import type * as mlock from "../src/mm/mlock.ts";
import type * as migrate from "../src/mm/migrate.ts";
import type * as huge_memory from "../src/mm/huge_memory.ts";
import type * as index from "../src/mm/index.ts";
import type * as list from "../src/mm/list.ts";
import type * as mm from "../src/mm/mm.ts";
import type {Mm, Page} from "../src/mm/index.ts";
import type * as mm_types from "../src/mm/mm_types.ts";
import type * as mmap from "../src/mm/mmap.ts";
import type * as mprotect from "../src/mm/mprotect.ts";
import type * as mremap from "../src/mm/mremap.ts";
import type * as mmdebug from "../src/mm/mmdebug.ts";
import type * as page_alloc from "../src/mm/page_alloc.ts";
import type * as page_flags from "../src/mm/page-flags.ts";
import type * as page_ref from "../src/mm/page_ref.ts";
import type * as pgtable from "../src/mm/pgtable.ts";
import type * as rmap from "../src/mm/rmap.ts";
import type * as swap from "../src/mm/swap.ts";
import type * as mmzone from "../src/mm/mmzone.ts";
import type * as page from "../src/mm/page.ts";
import type * as processor from "../src/mm/processor.ts";
import type * as swap_state from "../src/mm/swap_state.ts";
import type * as swapfile from "../src/mm/swapfile.ts";
import type * as swapops from "../src/mm/swapops.ts";
import type * as task_mmu from "../src/mm/task_mmu.ts";
import {assemble, defaultsOf, raceNamed, setParameters} from "../src/races/index.ts";
import type * as sys from "../src/mm/sys.ts";
import type * as tlb from "../src/mm/tlb.ts";
import type * as atomic from "../src/sim/atomic.ts";
import type * as bug from "../src/sim/bug.ts";
import type * as call from "../src/sim/call.ts";
import {compile, enabled, perform, run_alone} from "../src/sim/index.ts";
import type {Machine, MachineOptions, MemoryOperation, Op} from "../src/sim/index.ts";
import type * as lock from "../src/sim/lock.ts";

/** Everything that is linked, by name, with its types. */
export type Linked = typeof atomic &
  typeof bug &
  typeof call &
  typeof lock &
  typeof start &
  typeof errno &
  typeof fault &
  typeof fork &
  typeof gup &
  typeof highmem &
  typeof khugepaged &
  typeof madvise &
  typeof memory &
  typeof mlock &
  typeof migrate &
  typeof huge_memory &
  typeof index &
  typeof list &
  typeof mm &
  typeof mm_types &
  typeof mmap &
  typeof mprotect &
  typeof mremap &
  typeof mmdebug &
  typeof page_alloc &
  typeof page_flags &
  typeof page_ref &
  typeof pgtable &
  typeof sys &
  typeof tlb &
  typeof rmap &
  typeof swap &
  typeof mmzone &
  typeof page &
  typeof processor &
  typeof task_mmu &
  typeof swap_state &
  typeof swapfile &
  typeof swapops;

export const v5_13 = link(sources);

export function livepatched(...livepatches: Livepatch[]): LinkedKernel {
  return link(sources, prepare(sources, livepatches));
}

export const FIX = "count_migration_entries_once";
export const fixed = livepatched(fixNamed(FIX)!);

export function boot({
  pages = 4,
  pgflags = true,
  linked = v5_13,
  ...options
}: Partial<MachineOptions> & {linked?: LinkedKernel} = {}): {kernel: Linked; machine: Machine} {
  const {kernel, machine} = linked.boot({pages, pgflags, ...options});
  return {kernel: kernel as unknown as Linked, machine};
}

/** A quiet machine: one huge page, mapped by `mms` processes. */
export type Scene = {
  readonly kernel: Linked;
  readonly machine: Machine;
  readonly head: Page;
  readonly pages: readonly Page[];
  readonly mms: readonly Mm[];
  run<T>(op: Op<T>): T;
};

export function scene({
  mms: processes = 1,
  ...options
}: Partial<MachineOptions> & {mms?: number} = {}): Scene {
  const {kernel, machine} = boot(options);
  const run = <T>(op: Op<T>): T => run_alone(op, machine);
  const head = run(kernel.start_kernel());
  const anon_vma = kernel.anon_vma_alloc();
  const mms = Array.from({length: processes}, (_, i) => kernel.mm_alloc(`mm${i}`, anon_vma));
  run(kernel.map_huge_page(head, mms));
  const pages = Array.from({length: machine.pages}, (_, i) => kernel.nth_page(head, i));
  return {kernel, machine, head, pages, mms, run};
}

/** What a page's counts are now. */
export function countsOf({kernel, machine: {memory}, head}: Scene, page: Page) {
  return {
    refcount: memory.read(page._refcount),
    mapcount: memory.read(page._mapcount),
    compound_mapcount: memory.read(kernel.compound_mapcount_ptr(head)),
  };
}

export type Looker = {
  /** After each access to memory. */
  stepped?(operation: MemoryOperation, functions: readonly string[]): void;
  /** A function has returned; `functions` are those that it was called from, innermost first. */
  returned?(name: string, functions: readonly string[]): void;
};

/** As run_alone(), but somebody looks on. */
export function watch<T>(op: Op<T>, machine: Machine, look: Looker): T {
  const stack: string[] = [];
  const {memory} = machine;
  for (let answer = 0; ;) {
    const {done, value} = op.next(answer);
    if (done) return value;
    answer = 0;
    if (value.act === "call") stack.unshift(value.name);
    if (value.act === "return") {
      stack.shift();
      look.returned?.(value.name, stack);
    }
    if (value.act === "bug") throw new Error(`${value.message} (${value.about})`);
    if (!("cell" in value)) continue;
    const transition = compile(value, memory, 0, []);
    if (!enabled(transition, memory.halves))
      throw new Error(`${value.kind} would wait for ever`);
    answer = perform(transition, memory.halves);
    look.stepped?.(value, stack);
  }
}

export type Set = Readonly<Record<string, string | number>>;

/** Makes the program of a race anew each time. */
export function program(race: string, set: Set = {}, linked = v5_13): () => Program {
  const found = raceNamed(race)!;
  const parameters = setParameters(found, set);
  return () => assemble(found, linked, parameters);
}

export function exploreRace(
  race: string,
  set: Set = {},
  linked = v5_13,
  options: Parameters<typeof explore>[2] = {},
): Report {
  return explore(program(race, set, linked), defaultsOf(raceNamed(race)!), options);
}

/** A schedule: each thread in turn for so many steps, or for as long as it can go on. */
export function follow(
  fresh: () => Program,
  runs: readonly (readonly [thread: number, steps: number])[],
): number[] {
  const space = new Space(fresh(), 20_000);
  const schedule: number[] = [];
  let state = 0;
  for (const [thread, steps] of runs) {
    for (
      let i = 0;
      i < steps && state >= 0 && space.enabledThreads(state).includes(thread);
      i++
    ) {
      state = space.successor(state, thread);
      schedule.push(thread);
    }
  }
  return schedule;
}

/** The error that `run` throws. */
export function errorOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("it did not throw");
}
