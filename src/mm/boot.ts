// The first state: a machine with a huge page's worth of struct pages, processes, and a huge page that they map.
// This is no kernel file; it stands in for start-up, fork() and the first page fault, and runs before any thread.

import {cell} from "../sim/cell.ts";
import type {Op} from "../sim/index.ts";
import {machine, structure_at} from "../sim/machine.ts";
import {
  copy_huge_pmd,
  prep_transhuge_page,
  __do_huge_pmd_anonymous_page,
} from "./huge_memory.ts";
import {page_address} from "./highmem.ts";
import {INIT_LIST_HEAD} from "./list.ts";
import {
  FIRST_PFN,
  pfn_to_page,
  hpage_pmd_size,
  max_mapnr,
  nth_page,
  PAGE_SIZE,
  SIZEOF_STRUCT_PAGE,
  VM_READ,
  VM_WRITE,
  type AnonVma,
  type ListHead,
  type Mm,
  type Page,
  type VmArea,
} from "./mm_types.ts";
import {node} from "./mmzone.ts";
import {page_mapcount_reset} from "./mm.ts";
import {__free_one_page, PAGE_TYPE_BUDDY, prep_compound_page} from "./page_alloc.ts";
import {PG_reserved, PG_slab} from "./page-flags.ts";
import {set_page_count} from "./page_ref.ts";
import {pte_alloc_one, TASK_START, ZERO_PAGE, type Pmd} from "./pgtable.ts";

/** The kernel's memory, with the pages of one huge page, all free and new. Answers the first of them. */
export function* start_kernel(): Op<Page> {
  const first = pfn_to_page(FIRST_PFN);
  const all = machine.pages + 1 + spare_pages();
  machine.memory.allocate(all * SIZEOF_STRUCT_PAGE, first.address);
  const {lruvec, deferred_split_queue, zone} = node();
  yield* INIT_LIST_HEAD(lruvec.list);
  yield* INIT_LIST_HEAD(deferred_split_queue.split_queue);
  yield* INIT_LIST_HEAD(zone.free_list);
  for (let i = 0; i < machine.pages; i++) {
    page_address(nth_page(first, i));
    yield* set_page_count(nth_page(first, i), 1);
    yield* page_mapcount_reset(nth_page(first, i));
  }
  foreign_page(nth_page(first, machine.pages));
  for (let i = all - 1; i > machine.pages; i--) {
    page_address(nth_page(first, i));
    yield* __free_one_page(nth_page(first, i), zone);
  }
  return first;
}

/**
 * The kernel's memory where processes make system calls: all frames of all nodes are free, the lowest is the first to go, and behind
 * them stands the zero page. Written at once, without a step, since there are thousands.
 */
export function mem_init(): void {
  const first = pfn_to_page(FIRST_PFN);
  machine.memory.allocate(max_mapnr() * SIZEOF_STRUCT_PAGE, first.address);
  empty_list(node().lruvec.list);
  empty_list(node().deferred_split_queue.split_queue);
  let frame = 0;
  for (const [nid, frames] of machine.nodes!.entries()) {
    free_all(nth_page(first, frame), frames, node(nid).zone.free_list);
    frame += frames;
  }
  reserve(ZERO_PAGE());
}

function empty_list(list: ListHead): void {
  machine.memory.write(list.next, list.address);
  machine.memory.write(list.prev, list.address);
}

/** Puts `frames` pages from `first` on in a list, in their order. No page becomes a structure before somebody looks at it. */
function free_all(first: Page, frames: number, list: ListHead): void {
  const {memory} = machine;
  const {halves} = memory;
  const start = memory.half(first.address);
  const links = first.lru.address;
  for (let i = 0; i < frames; i++) {
    const page = start + (i * SIZEOF_STRUCT_PAGE) / 4;
    const here = links + i * SIZEOF_STRUCT_PAGE;
    const next = i === frames - 1 ? list.address : here + SIZEOF_STRUCT_PAGE;
    const prev = i === 0 ? list.address : here - SIZEOF_STRUCT_PAGE;
    write_long(halves, page + OFFSET_OF_NEXT, next);
    write_long(halves, page + OFFSET_OF_PREV, prev);
    halves[page + OFFSET_OF_MAPCOUNT] = PAGE_TYPE_BUDDY;
  }
  memory.write(list.next, links);
  memory.write(list.prev, links + (frames - 1) * SIZEOF_STRUCT_PAGE);
}

/** Where in a struct page they are, in halves: lru.next, lru.prev and _mapcount. */
const OFFSET_OF_NEXT = 2;
const OFFSET_OF_PREV = 4;
const OFFSET_OF_MAPCOUNT = 12;

function write_long(halves: Int32Array, half: number, value: number): void {
  halves[half] = value | 0;
  halves[half + 1] = Math.floor(value / 2 ** 32);
}

/** A page that the kernel keeps for ever. */
function reserve(page: Page): void {
  const {memory} = machine;
  memory.write(page.flags, 1 << PG_reserved);
  memory.write(page._mapcount, -1);
  memory.write(page._refcount, 1);
}

/** Free pages behind the foreign one. */
function spare_pages(): number {
  return machine.spares ?? 0;
}

/** The page behind the huge page is somebody else's: a slab on a list of partly used slabs. */
function foreign_page(page: Page): void {
  const {memory} = machine;
  const list = 0xffff_8881n;
  const somewhere = Number(BigInt.asIntN(64, (list << 32n) | 0x0004_2010n));
  memory.write(page.flags, 1 << PG_slab);
  memory.write(page.lru.next, somewhere);
  memory.write(page.lru.prev, somewhere);
  memory.write(page._mapcount, -1);
  memory.write(page._refcount, 1);
}

/** A process that has mapped nothing yet. */
export function mm_init(name: string): Mm {
  const pmds = machine.pmds ?? 1;
  const address = machine.memory.allocate(16 * pmds + 8);
  const locks = address + 16 * pmds;
  const each = <T>(make: (of: string, at: number) => T): T[] =>
    Array.from({length: pmds}, (_, i) => make(pmds === 1 ? "" : `[${i}]`, address + 16 * i));
  return structure_at<Mm>(address, () => ({
    address,
    name,
    mmap: [],
    cpumask: [],
    pmds: each((of, at) => cell<Pmd>(name, `pmd${of}`, at, 8, "entry")),
    pmd_huge_pte: each((of, at) => cell(name, `pmd_huge_pte${of}`, at + 8, 8, "pointer")),
    pmd_lock: cell(name, "pmd_lock", locks, 4, "lock"),
    def_flags: 0,
    flags: 0,
    free_tables: [],
    mmap_lock: cell(name, "mmap_lock", locks + 4, 4, "lock"),
  }));
}

/** A process with one VMA of the size of a huge page. Processes that share an anon_vma are related by fork(). */
export function mm_alloc(name: string, anon_vma: AnonVma): Mm {
  const mm = mm_init(name);
  const vma: VmArea = {
    address: machine.memory.allocate(32),
    vm_mm: mm,
    vm_start: TASK_START,
    vm_end: TASK_START + hpage_pmd_size(),
    vm_flags: VM_READ | VM_WRITE,
    vm_pgoff: TASK_START / PAGE_SIZE,
    anon_vma,
    anon_vma_chain: [anon_vma],
    vm_file: null,
  };
  mm.mmap.push(vma);
  anon_vma.vmas.push(vma);
  return mm;
}

/** A first anon_vma, or one of a process that was forked from the one whose is `parent`. */
export function anon_vma_alloc(parent: AnonVma | null = null): AnonVma {
  const address = machine.memory.allocate(16);
  const root = parent && (parent.root ?? parent);
  const anon_vma = structure_at<AnonVma>(address, () => ({
    address,
    rwsem: root?.rwsem ?? cell("anon_vma", "rwsem", address, 4, "lock"),
    refcount: cell("anon_vma", "refcount", address + 4, 4),
    vmas: [],
    root,
    parent,
    degree: 1,
  }));
  machine.memory.write(anon_vma.refcount, 1);
  return anon_vma;
}

/** A first process has written to its range, and the others were forked from it: all map one huge page. */
export function* map_huge_page(page: Page, mms: readonly Mm[]): Op<void> {
  yield* prep_compound_page(page);
  yield* prep_transhuge_page(page);
  const [parent, ...children] = mms.map((mm) => mm.mmap[0]);
  const table = pte_alloc_one(parent.vm_mm.name);
  yield* __do_huge_pmd_anonymous_page(parent, TASK_START, page, table);
  for (const child of children) {
    yield* copy_huge_pmd(child, parent, TASK_START, pte_alloc_one(child.vm_mm.name));
  }
}
