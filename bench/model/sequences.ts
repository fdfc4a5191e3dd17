// Random sequences of operations, in the words of the recordings (evidence/SCHEMA.md). They like whole huge pages and their borders, and what
// is found to be wrong shrinks to few operations on few pages.

import fc, {type Arbitrary} from "fast-check";
import type {Op, ProcessName} from "../../src/recorded/index.ts";

/** How large a machine is: sub-pages of a huge page, and how many of those a process may map. */
export type Size = {readonly pages: number; readonly pmds: number};

/** How often each operation comes, beside the others. What the model does not do is not among them. */
const NAMES: Readonly<Record<string, number>> = {
  ...{write: 14, read: 6, mmap: 3, mmap_shared: 2, munmap: 4, mprotect: 5},
  ...{mremap: 4, mremap_dontunmap: 2, mremap_resize: 2, mlock: 4, mlock_onfault: 2, munlock: 3},
  ...{fork: 6, exit: 3, thp_disable: 1, clear_refs: 1, pvm_read: 1, pvm_write_child: 2},
  ...{move_pages: 4, debugfs_split: 3, drop_slab: 3},
  ...{vmsplice: 3, pipe_close: 2, uring_pin: 3, uring_unpin: 2},
  ...{madv_hugepage: 4, madv_nohugepage: 2, madv_dontneed: 5, madv_free: 6, madv_cold: 3},
  ...{madv_pageout: 7, madv_populate_read: 2, madv_populate_write: 2, madv_collapse: 1},
  ...{madv_dontfork: 1, madv_dofork: 1, madv_wipeonfork: 1, madv_keeponfork: 1},
  ...{madv_normal: 1, madv_random: 1, madv_sequential: 1, madv_dontdump: 1, madv_dodump: 1},
  ...{madv_mergeable: 1, madv_unmergeable: 1},
};

/** What is done before, or a part of it: else most of what follows would find nothing. */
function prelude({pages, pmds}: Size): Op[] {
  const all = {proc: "parent", a: 0, b: pages * pmds, c: 0} as const;
  return [
    {...all, name: "mmap"},
    {...all, name: "madv_hugepage"},
    {...all, name: "write"},
    {...all, name: "fork", proc: "child1", b: 0},
  ];
}

/** `most` operations at the most, beside the prelude. */
export function sequences(size: Size, most: number): Arbitrary<Op[]> {
  const later = fc.array(operation(size), {maxLength: most, size: "max"});
  return fc
    .tuple(fc.subarray(prelude(size)), later)
    .map(([first, then]) => possible([...first, ...then]));
}

function operation(size: Size): Arbitrary<Op> {
  const names = Object.entries(NAMES).map(([name, weight]) => ({
    weight,
    arbitrary: fc.constant(name),
  }));
  const procs = (["parent", "child1", "child2"] as const).map((proc, i) => ({
    arbitrary: fc.constant<ProcessName>(proc),
    weight: 5 - 2 * i,
  }));
  return fc
    .tuple(fc.oneof(...procs), fc.oneof(...names), range(size), fc.nat(), fc.nat(7))
    .map(([proc, name, {a, b}, free, few]) => toOp(size, proc, name, a, b, free, few));
}

type Range = {readonly a: number; readonly b: number};

function range({pages, pmds}: Size): Arbitrary<Range> {
  const all = pages * pmds;
  const huge = fc
    .tuple(fc.nat(pmds - 1), fc.nat(pmds - 1))
    .map(([i, n]) => within({a: i * pages, b: (n + 1) * pages}, all));
  const small = fc
    .tuple(fc.nat(all - 1), fc.integer({min: 1, max: pages}))
    .map(([a, b]) => within({a, b}, all));
  const across = fc
    .tuple(
      fc.nat(pmds - 1),
      fc.integer({min: -2, max: 2}),
      fc.integer({min: 1, max: 2 * pages}),
    )
    .map(([i, by, b]) => within({a: Math.max(i * pages + by, 0), b}, all));
  return fc.oneof(
    {arbitrary: small, weight: 4},
    {arbitrary: huge, weight: 4},
    {arbitrary: across, weight: 2},
  );
}

function within({a, b}: Range, all: number): Range {
  return {a, b: Math.min(b, all - a)};
}

/** `free` and `few` are any numbers: what they mean depends on the operation. */
function toOp(
  {pages, pmds}: Size,
  proc: ProcessName,
  name: string,
  a: number,
  b: number,
  free: number,
  few: number,
): Op {
  const all = pages * pmds;
  const op = {proc, name, a, b, c: 0};
  switch (name) {
    case "mmap":
      return {...op, c: few < 6 ? 0 : [1, 3][few - 6]};
    case "mprotect":
      return {...op, c: [0, 1, 3][few % 3]};
    case "write":
    case "read":
      return {...op, c: few === 7 ? pages : 0};
    case "mremap":
    case "mremap_dontunmap":
      // Whole tables move only between places that lie alike.
      return {...op, c: placed(few < 4 ? alike(a, free, pages) : free, all - b)};
    case "mremap_resize":
      return {...op, c: 1 + placed(free, all - a - 1)};
    case "move_pages":
      return {...op, c: few < 5 ? 1 : few < 7 ? 0 : 2};
    case "clear_refs":
      return {proc, name, a: 0, b: 0, c: 1 + (few % 5)};
    case "thp_disable":
      return {proc, name, a: 0, b: 0, c: few % 2};
    case "drop_slab":
    case "pipe_close":
    case "uring_unpin":
      return {proc: "parent", name, a: 0, b: 0, c: 0};
    case "fork":
    case "exit":
      return {proc: proc === "parent" ? "child1" : proc, name, a: 0, b: 0, c: 0};
    case "pvm_write_child":
      return {...op, proc: "parent"};
    default:
      return op;
  }
}

function placed(free: number, most: number): number {
  return free % (most + 1);
}

function alike(a: number, free: number, pages: number): number {
  return (a % pages) + free * pages;
}

/** Without what processes would do that are not there, and children that are there already. */
export function possible(ops: readonly Op[]): Op[] {
  const there = new Set<ProcessName>(["parent"]);
  return ops.filter(({proc, name}) => {
    if (name === "fork") {
      if (there.has(proc)) return false;
      there.add(proc);
      return true;
    }
    if (name === "exit") return there.delete(proc);
    return there.has(name === "pvm_write_child" ? "child1" : proc);
  });
}
