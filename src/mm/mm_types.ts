// The structures that the story is about. Models include/linux/mm_types.h, v5.13, on 64-bit.
//
// struct page is 64 bytes per page frame, and most of its words mean different things in different lives of the
// page: these overlays are real here, two cells at one address. That is how a reader who is late finds garbage.
// Leaves out: memcg_data, and the lives of a page that this story does not meet (page cache, slab, page tables).
//
// Differs from v5.13: CONFIG_ILLEGAL_POINTER_VALUE is 0, so that poison pointers are small numbers.

import {cell} from "../sim/cell.ts";
import type {Cell} from "../sim/index.ts";
import {machine, structure_at} from "../sim/machine.ts";
import type {Pmd, Pte} from "./pgtable.ts";
import type {SwapReadahead} from "./swap_state.ts";

/** A page frame number, counted from physical address 0. */
export type Pfn = number;

export type ListHead = {
  readonly address: number;
  readonly next: Cell;
  readonly prev: Cell;
};

export type Page = {
  readonly address: number;
  /** `page[3]`: counted from the first page of the machine. */
  readonly name: string;

  // atomic bits; while the page is frozen or new also written as a whole
  readonly flags: Cell;
  // a small page or a head:
  readonly lru: ListHead;
  readonly mapping: Cell;
  readonly index: Cell;
  readonly private: Cell;
  // a tail; written while the head's _refcount is frozen:
  readonly compound_head: Cell;
  // the first tail only:
  readonly compound_dtor: Cell;
  readonly compound_order: Cell;
  readonly compound_mapcount: Cell;
  readonly compound_nr: Cell;
  // the second tail only:
  readonly hpage_pinned_refcount: Cell;
  readonly deferred_list: ListHead;
  // atomic, no lock:
  readonly _mapcount: Cell;
  readonly _refcount: Cell;
};

export const PAGE_SHIFT = 12;
export const PAGE_SIZE = 4096;
export const SIZEOF_STRUCT_PAGE = 64;
const OFFSET_OF_LRU = 8;
const OFFSET_OF_DEFERRED_LIST = 24;

/** 0xffffea0000000000: the struct page of frame 0. */
export const VMEMMAP_START = -0x1600_0000_0000;

/** The first frame of the machine; a multiple of 512, as a huge page has to be. */
export const FIRST_PFN = 0x400;

export function pfn_to_page(pfn: Pfn): Page {
  return page_at(VMEMMAP_START + pfn * SIZEOF_STRUCT_PAGE);
}

export function page_to_pfn(page: Page): Pfn {
  return (page.address - VMEMMAP_START) / SIZEOF_STRUCT_PAGE;
}

/** `page + n`, as C has it: nobody checks that there is such a page. */
export function nth_page(page: Page, n: number): Page {
  return page_at(page.address + n * SIZEOF_STRUCT_PAGE);
}

/** The struct page that a pointer points to. */
export function page_at(address: number): Page {
  return structure_at(address, struct_page);
}

/** How many frames the machine has, from FIRST_PFN on. */
export function max_mapnr(): number {
  if (!machine.nodes) return machine.pages + 1 + (machine.spares ?? 0);
  return frames_of_nodes() + 1;
}

/** Frames of all nodes. Behind them stands one of the kernel's own: the zero page. */
export function frames_of_nodes(): number {
  return (machine.nodes ?? []).reduce((sum, frames) => sum + frames, 0);
}

/** The node that a page's frame belongs to. */
export function page_to_nid(page: Page): number {
  let frame = page_to_pfn(page) - FIRST_PFN;
  const nid = (machine.nodes ?? []).findIndex((frames) => (frame -= frames) < 0);
  return Math.max(nid, 0);
}

/** Is there such a page on this machine? Models pfn_valid(). */
export function is_page(page: Page): boolean {
  return machine.memory.half(page.address) >= 0;
}

/** The page whose place in a list is at `address`: list_entry(). */
export function page_of_lru(address: number): Page {
  return page_at(address - OFFSET_OF_LRU);
}

/** The second tail whose place in the queue of deferred splits is at `address`. */
export function page_of_deferred_list(address: number): Page {
  return page_at(address - OFFSET_OF_DEFERRED_LIST);
}

function struct_page(address: number): Page {
  const n = (address - VMEMMAP_START) / SIZEOF_STRUCT_PAGE - FIRST_PFN;
  const name = `page[${n}]`;
  return {
    address,
    name,
    flags: cell(name, "flags", address, 8, "flags"),
    lru: list_head(name, "lru", address + OFFSET_OF_LRU),
    compound_head: cell(name, "compound_head", address + 8, 8, "pointer"),
    compound_dtor: cell(name, "compound_dtor", address + 16, 1),
    compound_order: cell(name, "compound_order", address + 17, 1),
    hpage_pinned_refcount: cell(name, "hpage_pinned_refcount", address + 16, 4),
    compound_mapcount: cell(name, "compound_mapcount", address + 20, 4),
    mapping: cell(name, "mapping", address + 24, 8, "pointer"),
    compound_nr: cell(name, "compound_nr", address + 24, 4),
    deferred_list: list_head(name, "deferred_list", address + OFFSET_OF_DEFERRED_LIST),
    index: cell(name, "index", address + 32, 8),
    private: cell(name, "private", address + 40, 8),
    _mapcount: cell(name, "_mapcount", address + 48, 4),
    _refcount: cell(name, "_refcount", address + 52, 4),
  };
}

/** The two words of a list head that stands at `address`, inside the structure called `group`. */
export function list_head(group: string, field: string, address: number): ListHead {
  return structure_at(address, () => ({
    address,
    next: cell(group, `${field}.next`, address, 8, "pointer"),
    prev: cell(group, `${field}.prev`, address + 8, 8, "pointer"),
  }));
}

/** A table of PTEs and the lock that guards it. */
export type PageTable = {
  readonly address: number;
  readonly pfn: Pfn;
  // guarded by ptl:
  readonly pte: readonly Cell<Pte>[];
  readonly ptl: Cell;
};

export type AnonVma = {
  readonly address: number;
  /** Of the oldest of a family that fork() has made: its lock is the one that counts. */
  readonly rwsem: Cell;
  readonly refcount: Cell;
  // guarded by rwsem, and constant while threads race:
  readonly vmas: VmArea[];
  readonly root: AnonVma | null;
  readonly parent: AnonVma | null;
  /** How many are below it, and how many VMAs have it as theirs. */
  degree: number;
};

/** A range of a process's memory that is treated alike. The mmap_lock guards it; while threads race, nothing of it changes. */
export type VmArea = {
  readonly address: number;
  vm_mm: Mm;
  vm_start: number;
  vm_end: number;
  vm_flags: number;
  /** Where the range begins in what it maps, in pages: for anonymous memory its first address, until it is moved. */
  vm_pgoff: number;
  /** Null until the first page is mapped. */
  anon_vma: AnonVma | null;
  /** All in which a page of the range may be: its own, and those of the processes that it was forked from. */
  anon_vma_chain: AnonVma[];
  /** What is mapped, if it is no anonymous memory of its own: an object with pages that several processes share. */
  vm_file: AddressSpace | null;
  /** What the last fault for a swapped page was like; nothing before the first. */
  swap_readahead?: SwapReadahead;
};

/** Shared anonymous memory: which page is where in it. Guarded by its lock; the kernel's is a tree with words of its own. */
export type AddressSpace = {
  readonly address: number;
  readonly i_pages: Map<number, Page>;
  /** Where it has no page: the entry of one that was put out. */
  readonly i_swapped?: Map<number, Pte>;
  /** The ranges that map it, or a part of it. */
  readonly i_mmap: VmArea[];
};

/** The object that the mapping of a page points to, or a VMA. */
export function address_space_at(address: number): AddressSpace {
  return structure_at<AddressSpace>(address, () => {
    throw new Error(`mapping ${address} does not point to an address_space`);
  });
}

// Bits of vm_flags. Models include/linux/mm.h.
export const VM_READ = 1 << 0;
export const VM_WRITE = 1 << 1;
export const VM_EXEC = 1 << 2;
export const VM_SHARED = 1 << 3;
export const VM_MAYREAD = 1 << 4;
export const VM_MAYWRITE = 1 << 5;
export const VM_MAYEXEC = 1 << 6;
export const VM_MAYSHARE = 1 << 7;
export const VM_LOCKED = 1 << 13;
export const VM_SEQ_READ = 1 << 15;
export const VM_RAND_READ = 1 << 16;
export const VM_DONTCOPY = 1 << 17;
export const VM_LOCKONFAULT = 1 << 19;
export const VM_ACCOUNT = 1 << 20;
export const VM_WIPEONFORK = 1 << 25;
export const VM_DONTDUMP = 1 << 26;
export const VM_SOFTDIRTY = 1 << 27;
export const VM_HUGEPAGE = 1 << 29;
export const VM_NOHUGEPAGE = 1 << 30;
export const VM_MERGEABLE = 1 << 31;

export const VM_ACCESS_FLAGS = VM_READ | VM_WRITE | VM_EXEC;
/** All but those that mlock() sets. */
export const VM_LOCKED_CLEAR_MASK = ~(VM_LOCKED | VM_LOCKONFAULT);

export type Mm = {
  readonly address: number;
  readonly name: string;
  readonly mmap_lock: Cell;
  readonly mmap: VmArea[];
  /** CPUs that run in this process and look at its page tables without locks. */
  readonly cpumask: number[];
  // guarded by the pmd lock:
  readonly pmds: readonly Cell<Pmd>[];
  readonly pmd_huge_pte: readonly Cell[];
  readonly pmd_lock: Cell;
  /** What every new mapping has: VM_LOCKED after mlockall(). */
  def_flags: number;
  /** Of the MMF_ bits below. */
  flags: number;
  /** Tables that were freed, all empty: the next that is needed is one of them. */
  readonly free_tables: PageTable[];
};

/** A process of this mm has used the huge zero page; forbids new huge pages; may have pinned pages. Models linux/sched/coredump.h. */
export const MMF_HUGE_ZERO_PAGE = 1 << 23;
export const MMF_DISABLE_THP = 1 << 24;
export const MMF_HAS_PINNED = 1 << 28;

/** Does the machine have what the races leave out? */
export function has_syscalls(): boolean {
  return machine.syscalls ?? false;
}

/** What one PMD covers, in bytes. */
export function hpage_pmd_size(): number {
  return machine.pages * PAGE_SIZE;
}

/** HPAGE_PMD_NR belongs to the machine: 512 on x86-64, 4 where schedules are explored. */
export function hpage_pmd_nr(): number {
  return machine.pages;
}
