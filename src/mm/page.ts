// /proc/kpagecount and /proc/kpageflags: how often each page of the machine is mapped, and what it is. Models fs/proc/page.c, v5.13.
//
// They go by page frames, not by anybody's page table, and take no lock and no reference. Leaves out: frames without a struct page, the
// other file of that place, and what no page here is: of hugetlb, of KSM, poisoned, offline, a page table, idle.

import {load} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {is_huge_zero_page} from "./huge_memory.ts";
import {page_mapcount} from "./mm.ts";
import {page_to_pfn, pfn_to_page, type Page, type Pfn} from "./mm_types.ts";
import {
  compound_head,
  PageAnon,
  PageHead,
  PageLRU,
  PageSlab,
  PageSwapCache,
  PageTail,
  PG_active,
  PG_dirty,
  PG_locked,
  PG_lru,
  PG_mlocked,
  PG_referenced,
  PG_reserved,
  PG_slab,
  PG_swapbacked,
  PG_swapcache,
  PG_unevictable,
  PG_uptodate,
} from "./page-flags.ts";
import {PageBuddy} from "./page_alloc.ts";
import {is_zero_pfn} from "./pgtable.ts";
import {page_mapped} from "./util.ts";

/** A page that has a type keeps it in its _mapcount: the types are numbers below this. */
export const PAGE_MAPCOUNT_RESERVE = -128;

/** The mapcounts of `nr` frames from `pfn` on. */
export function* kpagecount_read(pfn: Pfn, nr: number): Op<number[]> {
  const counts: number[] = [];
  for (let i = 0; i < nr; i++) {
    const count = yield* kpagecount_of(pfn_to_page(pfn + i));
    counts.push(count);
  }
  return counts;
}

/** 0 for pages that nobody could map: slabs, and pages of some type of their own. */
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  return yield* page_mapcount(page);
}

export function* page_has_type(page: Page): Op<boolean> {
  const type = yield* load(page._mapcount);
  return type < PAGE_MAPCOUNT_RESERVE;
}

// kpageflags

// Bits of a word of kpageflags. Models include/uapi/linux/kernel-page-flags.h; those from 32 on are for kernel hackers.
export const KPF_LOCKED = 0;
export const KPF_REFERENCED = 2;
export const KPF_UPTODATE = 3;
export const KPF_DIRTY = 4;
export const KPF_LRU = 5;
export const KPF_ACTIVE = 6;
export const KPF_SLAB = 7;
export const KPF_BUDDY = 10;
export const KPF_MMAP = 11;
export const KPF_ANON = 12;
export const KPF_SWAPCACHE = 13;
export const KPF_SWAPBACKED = 14;
export const KPF_COMPOUND_HEAD = 15;
export const KPF_COMPOUND_TAIL = 16;
export const KPF_UNEVICTABLE = 18;
export const KPF_THP = 22;
export const KPF_ZERO_PAGE = 24;
export const KPF_RESERVED = 32;
export const KPF_MLOCKED = 33;
export const KPF_OWNER_PRIVATE = 37;

/** The flags of `nr` frames from `pfn` on. Bits from 32 on are in there: a sum, not for operators on bits. */
export function* kpageflags_read(pfn: Pfn, nr: number): Op<number[]> {
  const all: number[] = [];
  for (let i = 0; i < nr; i++) {
    const flags = yield* stable_page_flags(pfn_to_page(pfn + i));
    all.push(flags);
  }
  return all;
}

/** What a page is, in bits that stay what they are from one kernel to the next. */
export function* stable_page_flags(page: Page): Op<number> {
  const bits = [
    ...(yield* bits_of_use(page)),
    ...(yield* bits_of_compound(page)),
    ...(yield* bits_of_flags(page)),
  ];
  return bits.reduce((sum, bit) => sum + 2 ** bit, 0);
}

/** Bits for what is no flag of a page: whether it is mapped, anonymous, free. */
export function* bits_of_use(page: Page): Op<number[]> {
  const bits: number[] = [];
  const slab = yield* PageSlab(page);
  const mapped = !slab && (yield* page_mapped(page));
  if (mapped) bits.push(KPF_MMAP);
  const anon = yield* PageAnon(page);
  if (anon) bits.push(KPF_ANON);
  const free = yield* PageBuddy(page);
  if (free) bits.push(KPF_BUDDY);
  return bits;
}

/** Which part of a compound page it is, and of which kind that is. A page of zeros is told here as well, a small or a huge one. */
export function* bits_of_compound(page: Page): Op<number[]> {
  const head = yield* PageHead(page);
  const tail = yield* PageTail(page);
  if (!head && !tail) return is_zero_pfn(page_to_pfn(page)) ? [KPF_ZERO_PAGE] : [];

  const bits = [...(head ? [KPF_COMPOUND_HEAD] : []), ...(tail ? [KPF_COMPOUND_TAIL] : [])];
  const whole = yield* compound_head(page);
  const thp = yield* is_thp(whole);
  if (thp) bits.push(KPF_THP);
  else if (is_huge_zero_page(whole)) bits.push(KPF_ZERO_PAGE, KPF_THP);
  return bits;
}

/** Compound pages of slabs and drivers are no transparent huge pages: neither reclaimed nor anonymous. */
export function* is_thp(head: Page): Op<boolean> {
  const on_list = yield* PageLRU(head);
  return on_list || (yield* PageAnon(head));
}

/** Bits that are flags of this very struct page, even where the flag of the whole stands in the head only. */
export function* bits_of_flags(page: Page): Op<number[]> {
  const flags = yield* load(page.flags);
  const bits = copied_flags()
    .filter(([, flag]) => (flags >>> flag) & 1)
    .map(([bit]) => bit);
  const swapcache = yield* PageSwapCache(page);
  if (swapcache) bits.push(KPF_SWAPCACHE);
  return bits;
}

/** Which bit tells which flag. PG_swapcache has the bit of whoever owns a page, and is told as that as well. */
export function copied_flags(): (readonly [bit: number, flag: number])[] {
  return [
    [KPF_LOCKED, PG_locked],
    [KPF_SLAB, PG_slab],
    [KPF_DIRTY, PG_dirty],
    [KPF_UPTODATE, PG_uptodate],
    [KPF_LRU, PG_lru],
    [KPF_REFERENCED, PG_referenced],
    [KPF_ACTIVE, PG_active],
    [KPF_SWAPBACKED, PG_swapbacked],
    [KPF_UNEVICTABLE, PG_unevictable],
    [KPF_MLOCKED, PG_mlocked],
    [KPF_RESERVED, PG_reserved],
    [KPF_OWNER_PRIVATE, PG_swapcache],
  ];
}
