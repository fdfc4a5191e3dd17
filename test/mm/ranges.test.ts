// Ranges of memory under any sequence of system calls: what a process finds at an address is what a list of pages would have there, and from
// each page the ranges that map it are found.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {answered} from "../../src/livepatch/index.ts";
import type {Mm, Page, Pmd, Pte, VmArea} from "../../src/mm/index.ts";
import type {Op} from "../../src/sim/index.ts";
import {v5_13, type Linked} from "../support.ts";

const PAGES = 4;
const PMDS = 5;
const ARENA = PAGES * PMDS;
/** Frames of each node. */
const NODES = [160, 40];

/** What one page of a process is, as far as anybody can tell who knows nothing of ranges. */
type Expected = {
  prot: number;
  account: boolean;
  huge: "" | "hg" | "nh";
  dontfork: boolean;
  wipe: boolean;
  locked: "" | "lo" | "lo ??";
  value: number;
  /** After MADV_FREE: what was written before may be gone at any time. */
  lazy: boolean;
};

const NEW: Omit<Expected, "prot" | "account"> = {
  ...{huge: "", dontfork: false, wipe: false, locked: "", value: 0, lazy: false},
};

type Process = {readonly mm: Mm; readonly pages: (Expected | null)[]};

function boot() {
  const options = {pages: PAGES, pgflags: true, pmds: PMDS, syscalls: true, nodes: NODES};
  const {kernel, machine} = v5_13.bootAlone(options);
  const linked = kernel as unknown as Linked;
  linked.mem_init();
  return {kernel: linked, machine, processes: new Map<string, Process>()};
}

type World = ReturnType<typeof boot>;

const run = <T>(op: Op<T>): T => answered(op);
const at = ({kernel}: World, page: number) => kernel.TASK_START + page * kernel.PAGE_SIZE;
const indexOf = ({kernel}: World, address: number) =>
  (address - kernel.TASK_START) / kernel.PAGE_SIZE;
const SIZE = 4096;

function started(): World {
  const world = boot();
  const pages = Array<Expected | null>(ARENA).fill(null);
  world.processes.set("parent", {mm: world.kernel.mm_init("parent"), pages});
  return world;
}

// Operations, each with what is to come of it

type Action = (world: World, process: Process) => void;

const between = (from: number, to: number) =>
  Array.from({length: to - from}, (_, i) => from + i);

/** The range that has all of these pages. */
function rangeWith(world: World, {mm}: Process, a: number, b: number): VmArea | undefined {
  return mm.mmap.find((v) => v.vm_start <= at(world, a) && at(world, a + b) <= v.vm_end);
}

/** Applies a change to all pages up to the first hole: true if there is none. */
function upToHole({pages}: Process, a: number, b: number, change: (p: Expected) => void) {
  for (const i of between(a, a + b)) {
    const page = pages[i];
    if (page === null) return false;
    change(page);
  }
  return true;
}

const fresh = (prot: number): Expected => ({...NEW, prot, account: (prot & 2) !== 0});

const mmap =
  (a: number, b: number, prot: number): Action =>
  (world, {mm, pages}) => {
    const ret = run(world.kernel.do_mmap(mm, at(world, a), b * SIZE, prot, false));
    expect(ret).toBe(at(world, a));
    for (const i of between(a, a + b)) pages[i] = fresh(prot);
  };

const munmap =
  (a: number, b: number): Action =>
  (world, {mm, pages}) => {
    expect(run(world.kernel.do_munmap(mm, at(world, a), b * SIZE))).toBe(0);
    pages.fill(null, a, a + b);
  };

const mprotect =
  (a: number, b: number, prot: number): Action =>
  (world, process) => {
    const ret = run(world.kernel.do_mprotect(process.mm, at(world, a), b * SIZE, prot));
    const whole = upToHole(process, a, b, (page) => {
      page.account ||= (prot & 2) !== 0;
      page.prot = prot;
    });
    expect(ret).toBe(whole ? 0 : -world.kernel.ENOMEM);
  };

const mremap =
  (a: number, b: number, to: number, stays: boolean): Action =>
  (world, process) => {
    const {kernel} = world;
    const {mm, pages} = process;
    const flags = kernel.MREMAP_MAYMOVE | kernel.MREMAP_FIXED;
    const all = stays ? flags | kernel.MREMAP_DONTUNMAP : flags;
    const source = rangeWith(world, process, a, b) !== undefined;
    const ret = run(kernel.mremap(mm, at(world, a), b * SIZE, b * SIZE, all, at(world, to)));
    if (a + b > to && to + b > a) return expect(ret).toBe(-kernel.EINVAL);
    pages.fill(null, to, to + b);
    if (!source) return expect(ret).toBe(-kernel.EFAULT);
    expect(ret).toBe(at(world, to));
    for (const i of between(0, b)) {
      pages[to + i] = pages[a + i];
      pages[a + i] = stays ? {...pages[a + i]!, value: 0, lazy: false} : null;
    }
    // Of a range that stays behind all is unlocked, also what was not moved.
    if (stays) unlockedAround(world, process, a);
  };

function unlockedAround(world: World, {mm, pages}: Process, a: number): void {
  const vma = mm.mmap.find((v) => v.vm_start <= at(world, a) && at(world, a) < v.vm_end)!;
  const [from, to] = [indexOf(world, vma.vm_start), indexOf(world, vma.vm_end)];
  for (const i of between(from, to)) pages[i]!.locked = "";
}

const resize =
  (a: number, b: number, c: number): Action =>
  (world, process) => {
    const {kernel} = world;
    const {mm, pages} = process;
    const vma = rangeWith(world, process, a, b);
    const room = pages.slice(a + b, a + c).every((page) => page === null);
    const ret = run(kernel.mremap(mm, at(world, a), b * SIZE, c * SIZE, 0, 0));
    if (c <= b) {
      expect(ret).toBe(at(world, a));
      pages.fill(null, a + c, a + b);
    } else if (!vma) {
      expect(ret).toBe(-kernel.EFAULT);
    } else if (vma.vm_end !== at(world, a + b) && ret < 0) {
      expect(ret).toBe(-kernel.ENOMEM);
    } else if (!room || a + c > ARENA) {
      expect(ret).toBe(-kernel.ENOMEM);
    } else {
      expect(ret).toBe(at(world, a));
      for (const i of between(a + b, a + c))
        pages[i] = {...pages[a + b - 1]!, value: 0, lazy: false};
    }
  };

const ADVICE: Readonly<Record<number, (page: Expected) => void>> = {
  10: (page) => (page.dontfork = true),
  11: (page) => (page.dontfork = false),
  14: (page) => (page.huge = "hg"),
  15: (page) => (page.huge = "nh"),
  18: (page) => (page.wipe = true),
  19: (page) => (page.wipe = false),
};

const madvise =
  (a: number, b: number, behavior: number): Action =>
  (world, {mm, pages}) => {
    const ret = run(world.kernel.do_madvise(mm, at(world, a), b * SIZE, behavior));
    const there = pages.slice(a, a + b).filter((page) => page !== null);
    expect(ret).toBe(there.length === b ? 0 : -world.kernel.ENOMEM);
    for (const page of there) ADVICE[behavior](page);
  };

/** Stops at what is locked. */
const aboutPages =
  (behavior: number, effect: (page: Expected) => void) =>
  (a: number, b: number): Action =>
  (world, {mm, pages}) => {
    const {kernel} = world;
    const ret = run(kernel.do_madvise(mm, at(world, a), b * SIZE, behavior));
    const there = pages.slice(a, a + b).filter((page) => page !== null);
    const locked = there.findIndex((page) => page.locked !== "");
    const expected = there.length === b ? 0 : -kernel.ENOMEM;
    expect(ret).toBe(locked < 0 ? expected : -kernel.EINVAL);
    for (const page of locked < 0 ? there : there.slice(0, locked)) effect(page);
  };

const dontneed = aboutPages(4, (page) => Object.assign(page, {value: 0, lazy: false}));
const free = aboutPages(8, (page) => (page.lazy = true));
const cold = aboutPages(20, () => undefined);
const pageout = aboutPages(21, () => undefined);

/** Nobody notices. */
const drop_slab = (): Action => (world) => run(world.kernel.drop_slab());
const debugfs_split =
  (a: number, b: number): Action =>
  (world, {mm}) => {
    run(world.kernel.split_huge_pages_pid(mm, at(world, a), at(world, a + b)));
  };
const move_pages =
  (a: number, b: number, node: number): Action =>
  (world, {mm}) => {
    run(world.kernel.do_pages_move(mm, at(world, a), b, node));
  };

/** Stops at what must not be used so. */
const populate =
  (a: number, b: number, write: boolean): Action =>
  (world, {mm, pages}) => {
    const {kernel} = world;
    const behavior = write ? kernel.MADV_POPULATE_WRITE : kernel.MADV_POPULATE_READ;
    const ret = run(kernel.do_madvise(mm, at(world, a), b * SIZE, behavior));
    const there = pages.slice(a, a + b).filter((page) => page !== null);
    const forbidden = there.some(({prot}) => (write ? !(prot & 2) : prot === 0));
    const expected = there.length === b ? 0 : -kernel.ENOMEM;
    expect(ret).toBe(forbidden ? -kernel.EINVAL : expected);
  };

const lock =
  (a: number, b: number, locked: "lo" | "lo ??" | ""): Action =>
  (world, process) => {
    const {kernel} = world;
    const call = {lo: kernel.mlock, "lo ??": kernel.mlock_onfault, "": kernel.munlock}[locked];
    const ret = run(call(process.mm, at(world, a), b * SIZE));
    const whole = upToHole(process, a, b, (page) => (page.locked = locked));
    const forbidden = process.pages.slice(a, a + b).some((page) => page?.prot === 0);
    const fails = !whole || (locked !== "" && forbidden);
    expect(ret).toBe(fails ? -kernel.ENOMEM : 0);
  };

const fork =
  (name: string): Action =>
  ({kernel, processes}) => {
    if (processes.has(name)) return;
    const {mm, pages} = processes.get("parent")!;
    const child = run(kernel.dup_mm(mm, name));
    const copy = (page: Expected | null): Expected | null => {
      if (page === null || page.dontfork) return null;
      const forgotten = page.wipe ? {value: 0, lazy: false} : {};
      return {...page, locked: "", ...forgotten};
    };
    processes.set(name, {mm: child, pages: pages.map(copy)});
  };

const exit =
  (name: string): Action =>
  ({kernel, processes}) => {
    const process = processes.get(name);
    if (process) run(kernel.mmput(process.mm));
    processes.delete(name);
  };

const write =
  (a: number, b: number, value: number): Action =>
  (world, {mm, pages}) => {
    for (const i of between(a, a + b)) {
      const page = pages[i];
      const allowed = page !== null && (page.prot & 2) !== 0;
      expect(run(world.kernel.user_write(mm, at(world, i), value + i))).toBe(allowed);
      if (allowed) Object.assign(page, {value: value + i, lazy: false});
    }
  };

const mayBe = ({value, lazy}: Expected): number[] => (lazy ? [value, 0] : [value]);

const read =
  (a: number): Action =>
  (world, {mm, pages}) => {
    const page = pages[a];
    const allowed = page !== null && page.prot !== 0;
    const value = run(world.kernel.user_read(mm, at(world, a)));
    if (allowed) expect(mayBe(page)).toContain(value);
    else expect(value).toBeNull();
  };

// What holds after each

function flagsOf({kernel}: World, {vm_flags}: VmArea): Omit<Expected, "value" | "lazy"> {
  const has = (flag: number): boolean => (vm_flags & flag) !== 0;
  const onfault = has(kernel.VM_LOCKONFAULT) ? "lo ??" : "lo";
  return {
    prot: vm_flags & 3,
    account: has(kernel.VM_ACCOUNT),
    huge: has(kernel.VM_HUGEPAGE) ? "hg" : has(kernel.VM_NOHUGEPAGE) ? "nh" : "",
    dontfork: has(kernel.VM_DONTCOPY),
    wipe: has(kernel.VM_WIPEONFORK),
    locked: has(kernel.VM_LOCKED) ? onfault : "",
  };
}

function rangesAreThosePages(world: World, {mm, pages}: Process): void {
  const found = Array<Omit<Expected, "value" | "lazy"> | null>(ARENA).fill(null);
  let end = 0;
  for (const vma of mm.mmap) {
    const [from, to] = [indexOf(world, vma.vm_start), indexOf(world, vma.vm_end)];
    expect(from).toBeGreaterThanOrEqual(end);
    expect(to).toBeGreaterThan(from);
    end = to;
    found.fill(flagsOf(world, vma), from, to);
  }
  expect(found).toEqual(
    pages.map((page) => page && {...page, value: undefined, lazy: undefined}),
  );
}

type Mapped = {
  readonly page: Page;
  readonly huge: boolean;
  readonly readable: boolean;
  readonly writable: boolean;
};

/** What stands in the page tables for a page of the process, if it is present; where in swap space it is, if not; null if there is nothing. */
function entryOf(
  {kernel, machine: {memory}}: World,
  mm: Mm,
  i: number,
): Mapped | {readonly slot: number} | null {
  const pmd = memory.read(mm.pmds[Math.floor(i / PAGES)]) as Pmd;
  if (pmd === 0) return null;
  if (kernel.pmd_trans_huge(pmd)) {
    const page = kernel.nth_page(kernel.pmd_page(pmd), i % PAGES);
    return {page, huge: true, readable: (pmd & 1) !== 0, writable: kernel.pmd_write(pmd)};
  }
  const pte = memory.read(kernel.pmd_table(pmd).pte[i % PAGES]) as Pte;
  if (pte === 0) return null;
  if (!kernel.pte_present(pte)) {
    expect(kernel.is_migration_entry(pte)).toBe(false);
    return {slot: kernel.swp_offset(pte)};
  }
  const rights = {readable: (pte & 1) !== 0, writable: kernel.pte_write(pte)};
  return {page: kernel.pte_page(pte), huge: false, ...rights};
}

function isZero({kernel}: World, {page}: Mapped): boolean {
  const head = run(kernel.compound_head(page));
  return page === kernel.ZERO_PAGE() || kernel.is_huge_zero_page(head);
}

/** Contents and rights, and that the page knows where it is. */
function pagesAreThere(world: World, {mm, pages}: Process): void {
  for (const [i, expected] of pages.entries()) {
    const entry = entryOf(world, mm, i);
    expect(mayBe(expected ?? fresh(0))).toContain(valueOf(world, entry));
    if (entry === null) continue;
    expect(expected).not.toBeNull();
    if ("slot" in entry) continue;
    expect(entry.readable).toBe(expected!.prot !== 0);
    if (entry.writable) expect(expected!.prot & 2).toBe(2);
    if (!isZero(world, entry)) isFoundFrom(world, mm, i, entry.page);
  }
}

/** What the process would read. */
function valueOf(world: World, entry: ReturnType<typeof entryOf>): number {
  const {kernel, machine} = world;
  if (entry === null) return 0;
  if ("slot" in entry) {
    const cached = kernel.swapper_space().i_pages.get(entry.slot);
    return machine.memory.read(
      cached ? kernel.page_address(cached) : kernel.swap_slot(entry.slot),
    );
  }
  return isZero(world, entry) ? 0 : machine.memory.read(kernel.page_address(entry.page));
}

/** From the page one comes back to the entry. */
function isFoundFrom(world: World, mm: Mm, i: number, page: Page): void {
  const {kernel, machine} = world;
  const head = run(kernel.compound_head(page));
  const anon_vma = run(kernel.page_anon_vma(head))!;
  const pgoff = machine.memory.read(head.index) + (page.address - head.address) / 64;
  const ranges = kernel
    .anon_vma_interval_tree_foreach(anon_vma, machine.memory.read(head.index))
    .filter(({vm_mm}) => vm_mm === mm)
    .filter((vma) => kernel.__vma_address(pgoff, vma) === at(world, i))
    .filter(({vm_start, vm_end}) => vm_start <= at(world, i) && at(world, i) < vm_end);
  expect(ranges).toHaveLength(1);
}

/** Each page is mapped as often as it says, and has one reference for each entry, and those of the swap cache. */
function countsAreRight(world: World): void {
  const {kernel, machine} = world;
  const mapped = new Map<Page, number>();
  const references = new Map<Page, number>();
  const slots = new Map<number, number>();
  const more = <T>(counts: Map<T, number>, of: T) => counts.set(of, (counts.get(of) ?? 0) + 1);
  for (const {mm} of world.processes.values()) {
    for (const i of between(0, ARENA)) {
      const entry = entryOf(world, mm, i);
      if (entry !== null && "slot" in entry) more(slots, entry.slot);
      if (entry === null || "slot" in entry || isZero(world, entry)) continue;
      more(mapped, entry.page);
      const head = run(kernel.compound_head(entry.page));
      if (!entry.huge || i % PAGES === 0) more(references, head);
    }
  }
  for (const [slot, cached] of kernel.swapper_space().i_pages) {
    more(references, run(kernel.compound_head(cached)));
    if (!mapped.has(cached)) mapped.set(cached, 0);
    if (!slots.has(slot)) slots.set(slot, 0);
  }
  for (const [page, count] of mapped) expect(run(kernel.page_mapcount(page))).toBe(count);
  for (const [head, count] of references)
    expect(machine.memory.read(head._refcount)).toBe(count);
  for (const [slot, count] of slots)
    expect(kernel.swap_count(machine.memory.read(kernel.swap_map(slot)))).toBe(count);
}

/** Ranges and anon_vmas know each other. */
function familiesAreRight({processes}: World): void {
  const vmas = [...processes.values()].flatMap(({mm}) => mm.mmap);
  const families = new Set(vmas.flatMap((vma) => vma.anon_vma_chain));
  for (const vma of vmas) {
    if (vma.anon_vma) expect(vma.anon_vma_chain).toContain(vma.anon_vma);
    else expect(vma.anon_vma_chain).toEqual([]);
    expect(new Set(vma.anon_vma_chain).size).toBe(vma.anon_vma_chain.length);
  }
  for (const anon_vma of families) {
    const knows = vmas.filter((vma) => vma.anon_vma_chain.includes(anon_vma));
    expect(new Set(anon_vma.vmas)).toEqual(new Set(knows));
    expect(anon_vma.vmas).toHaveLength(knows.length);
    const own = vmas.filter((vma) => vma.anon_vma === anon_vma);
    const children = [...families].filter(({parent}) => parent === anon_vma);
    // The oldest of a family is its own parent.
    const itself = anon_vma.parent === null ? 1 : 0;
    expect(anon_vma.degree).toBe(own.length + children.length + itself);
  }
}

function holds(world: World): void {
  for (const process of world.processes.values()) {
    rangesAreThosePages(world, process);
    pagesAreThere(world, process);
  }
  countsAreRight(world);
  familiesAreRight(world);
}

function freePages({kernel, machine: {memory}}: World): number {
  let free = 0;
  for (const nid of NODES.keys()) {
    const {free_list} = kernel.node(nid).zone;
    for (let p = memory.read(free_list.next); p !== free_list.address; free++)
      p = memory.read(kernel.page_of_lru(p).lru.next);
  }
  return free;
}

// Random sequences

type Step = {readonly name: string; readonly args: readonly unknown[]; readonly act: Action};

const page = fc.nat(ARENA - 1);
const value = fc.integer({min: 1, max: 99});
const part = fc.tuple(page, page).map(([x, y]): [number, number] => {
  const from = Math.min(x, y);
  return [from, Math.abs(x - y) + 1];
});
/** Rather often whole huge pages. */
const range = fc.oneof(
  part,
  fc
    .tuple(fc.nat(PMDS - 1), fc.integer({min: 1, max: 2}))
    .map(([p, n]): [number, number] => [p * PAGES, Math.min(n, PMDS - p) * PAGES]),
);
const prot = fc.constantFrom(0, 1, 3, 3);
const who = fc.constantFrom("parent", "parent", "child1", "child2");
const child = fc.constantFrom("child1", "child2");

function step<T extends unknown[]>(
  name: string,
  args: fc.Arbitrary<T>,
  act: (...args: T) => Action,
): fc.Arbitrary<Step> {
  return args.map((chosen) => ({name, args: chosen, act: act(...chosen)}));
}

const ranged = <T extends unknown[]>(...more: {[K in keyof T]: fc.Arbitrary<T[K]>}) =>
  fc.tuple(range, fc.tuple(...more)).map(([[a, b], rest]) => [a, b, ...rest] as const);

const steps = fc.oneof(
  step("mmap", ranged(prot) as never, mmap),
  step("munmap", ranged() as never, munmap),
  step("mprotect", ranged(prot) as never, mprotect),
  step("madvise", ranged(fc.constantFrom(14, 14, 14, 15, 10, 11, 18, 19)) as never, madvise),
  step("dontneed", ranged() as never, dontneed),
  step("free", ranged() as never, free),
  step("cold", ranged() as never, cold),
  step("pageout", ranged() as never, pageout),
  step("drop_slab", fc.tuple(), drop_slab),
  step("debugfs_split", ranged() as never, debugfs_split),
  step("move_pages", ranged(fc.nat(1)) as never, move_pages),
  step("populate", ranged(fc.boolean()) as never, populate),
  step("lock", ranged(fc.constantFrom("lo", "lo ??", "")) as never, lock),
  step(
    "mremap",
    fc.tuple(range, page, fc.boolean()).map(([[a, b], to, stays]) => {
      const length = Math.min(b, ARENA - to);
      return [a, length, to, stays] as [number, number, number, boolean];
    }),
    mremap,
  ),
  step(
    "resize",
    fc.tuple(range, page).map(([[a, b], c]) => [a, b, c + 1] as [number, number, number]),
    resize,
  ),
  step("fork", fc.tuple(child), fork),
  step("exit", fc.tuple(child), exit),
  step("write", ranged(value) as never, write),
  step("write", ranged(value) as never, write),
  step(
    "write",
    page.map((i) => [i, 1, 500] as [number, number, number]),
    write,
  ),
  step("read", fc.tuple(page), read),
);

/** Few kinds of ranges, at few borders: they are parted and joined all the time. */
const border = fc.nat(ARENA / 2 - 1).map((half) => 2 * half);
const few = fc
  .tuple(border, fc.constantFrom(2, 2, 4, 6))
  .map(([from, length]): [number, number] => [from, Math.min(length, ARENA - from)]);
const writes = step("write", fewWith(value), write);
const maps = step("mmap", fewWith(fc.constant(3)), mmap);
const unmaps = step("munmap", few, munmap);
const moves = step(
  "mremap",
  fc.tuple(few, border).map(([[a, b], to]): [number, number, number, boolean] => {
    return [a, Math.min(b, ARENA - to), to, false];
  }),
  mremap,
);
const protects = step("mprotect", fewWith(fc.constantFrom(1, 3)), mprotect);
const forks = step("fork", fc.tuple(child), fork);

const outs = step("pageout", few, pageout);
const drops = step("drop_slab", fc.tuple(), drop_slab);

/** One range that is parted and joined, and many that grow together. */
const joining = fc.oneof(
  {weight: 8, arbitrary: protects},
  {weight: 2, arbitrary: writes},
  {weight: 1, arbitrary: maps},
  {weight: 1, arbitrary: moves},
  {weight: 1, arbitrary: forks},
  {weight: 1, arbitrary: outs},
  {weight: 1, arbitrary: drops},
);
const growing = fc.oneof(
  {weight: 4, arbitrary: maps},
  {weight: 3, arbitrary: unmaps},
  {weight: 1, arbitrary: writes},
  {weight: 1, arbitrary: moves},
);

function fewWith(more: fc.Arbitrary<number>): fc.Arbitrary<[number, number, number]> {
  return fc.tuple(few, more).map(([[a, b], c]): [number, number, number] => [a, b, c]);
}

const sequenceOf = (by: fc.Arbitrary<string>, of: fc.Arbitrary<Step>) =>
  fc.array(fc.tuple(by, of), {minLength: 1, maxLength: 40, size: "max"});
const sequences = fc.oneof(
  sequenceOf(who, steps),
  sequenceOf(fc.constantFrom("parent", "parent", "child1"), joining),
  sequenceOf(fc.constant("parent"), growing),
);

const text = (sequence: readonly (readonly [string, Step])[]): string =>
  sequence.map(([name, {name: op, args}]) => `${name} ${op} ${args.join(" ")}`).join("\n");

function play(sequence: readonly (readonly [string, Step])[]): World {
  const world = started();
  // Most of what can happen needs memory to happen to.
  for (const setup of [mmap(0, ARENA - 4, 3), madvise(0, 12, 14)])
    setup(world, world.processes.get("parent")!);
  for (const [name, {act}] of sequence) {
    const process = world.processes.get(name);
    if (process) act(world, process);
    holds(world);
  }
  return world;
}

describe("whatever is done to ranges,", () => {
  it("memory is what was mapped and written, counts are right, and pages are found", () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        const world = play(sequence);
        const {kernel} = world;
        for (const name of ["child2", "parent", "child1"])
          exit(name)(world, world.processes.get(name)!);
        const huge_zero = world.machine.memory.read(kernel.huge_zero().page) === 0 ? 0 : PAGES;
        expect(freePages(world)).toBe(200 - huge_zero);
        expect(world.machine.memory.read(kernel.swap_info().inuse_pages)).toBe(0);
      }),
      {
        numRuns: Number(process.env.RUNS ?? 25),
        ...(process.env.SEED ? {seed: Number(process.env.SEED)} : {}),
        reporter: (details) => {
          if (!details.failed) return;
          const {counterexample, errorInstance, seed} = details;
          const error = errorInstance as Error;
          throw new Error(`seed ${seed}\n${text(counterexample![0])}\n${error.stack}`);
        },
      },
    );
  });
});
