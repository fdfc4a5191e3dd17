// Words in words: how values are printed for people. Models the naming of page flags in include/trace/events/mmflags.h
// and mm/debug.c, v5.13; the rest is ours.

import type {Cell} from "../sim/index.ts";
import {machine} from "../sim/machine.ts";
import {
  FIRST_PFN,
  max_mapnr,
  page_at,
  SIZEOF_STRUCT_PAGE,
  VMEMMAP_START,
  type Pfn,
} from "./mm_types.ts";
import {
  PG_active,
  PG_dirty,
  PG_head,
  PG_locked,
  PG_lru,
  PG_mlocked,
  PG_referenced,
  PG_slab,
  PG_swapbacked,
  PG_swapcache,
  PG_unevictable,
  PG_uptodate,
  PG_waiters,
  PG_workingset,
} from "./page-flags.ts";
import {
  pmd_table,
  pmd_trans_huge,
  pte_dirty,
  pte_pfn,
  pte_present,
  pte_write,
  type Pmd,
  type Pte,
} from "./pgtable.ts";
import {is_migration_entry, is_write_migration_entry, swp_offset} from "./swapops.ts";

/** What a word holds, as a person would say it. */
export function print_value(cell: Cell, value: number): string {
  switch (cell.type) {
    case "flags":
      return print_flags(value);
    case "pointer":
      return print_pointer(value);
    case "entry":
      return print_entry(cell, value);
    case "lock":
      return print_lock(value);
    default:
      return String(value);
  }
}

export function print_flags(flags: number): string {
  const names = pageflag_names()
    .filter(([bit]) => (flags >>> bit) & 1)
    .map(([, name]) => name);
  return names.join("|") || "none";
}

/** The flags of this story, in the order of their bits. */
export function pageflag_names(): [number, string][] {
  return [
    [PG_locked, "locked"],
    [PG_referenced, "referenced"],
    [PG_uptodate, "uptodate"],
    [PG_dirty, "dirty"],
    [PG_lru, "lru"],
    [PG_active, "active"],
    [PG_workingset, "workingset"],
    [PG_waiters, "waiters"],
    [PG_slab, "slab"],
    [PG_swapcache, "swapcache"],
    [PG_head, "head"],
    [PG_swapbacked, "swapbacked"],
    [PG_unevictable, "unevictable"],
    [PG_mlocked, "mlocked"],
  ];
}

/** Low bits of a pointer may carry a mark: a tail's, or an anonymous mapping's. */
export function print_pointer(value: number): string {
  if (value >= 0 && value < 0x1000)
    return value === 0 ? "NULL" : `poison 0x${value.toString(16)}`;
  const mark = value & 1;
  const name = name_of_address(value - mark);
  return mark ? `${name} | 1` : name;
}

export function name_of_address(address: number): string {
  const offset = address - VMEMMAP_START - FIRST_PFN * SIZEOF_STRUCT_PAGE;
  if (offset >= 0 && offset < max_mapnr() * SIZEOF_STRUCT_PAGE) {
    const inside = offset % SIZEOF_STRUCT_PAGE;
    const page = page_at(address - inside).name;
    return inside === 0 ? page : `${page}.${inside === 8 ? "lru" : "deferred_list"}`;
  }
  const known = machine.structures.get(address) as
    {next?: Cell; rwsem?: Cell; pte?: Cell[]} | undefined;
  if (known?.next) return `${known.next.group}.${known.next.field.replace(".next", "")}`;
  if (known?.rwsem) return "anon_vma";
  if (known?.pte) return `${known.pte[0].group}'s table`;
  return `0x${BigInt.asUintN(64, BigInt(address)).toString(16)}`;
}

export function print_entry(cell: Cell, value: number): string {
  if (value === 0) return "none";
  return cell.field.startsWith("pmd") ? print_pmd(value as Pmd) : print_pte(value as Pte);
}

export function print_pte(pte: Pte): string {
  if (pte_present(pte)) {
    return `${pfn_name(pte_pfn(pte))} ${pte_write(pte) ? "rw" : "r"}${pte_dirty(pte) ? " dirty" : ""}`;
  }
  if (!is_migration_entry(pte)) return `swap 0x${pte.toString(16)}`;
  return `migration (${is_write_migration_entry(pte) ? "write" : "read"}) ${pfn_name(swp_offset(pte))}`;
}

export function print_pmd(pmd: Pmd): string {
  if (!pmd_trans_huge(pmd)) return `${pmd_table(pmd).pte[0].group}'s table`;
  const pte = pmd as number as Pte;
  return `huge ${pfn_name(pte_pfn(pte))} ${pte_write(pte) ? "rw" : "r"}${pte_present(pte) ? "" : " invalidated"}`;
}

/** The object that a value names, and how: what a picture draws a line to. Null where it names none. */
export function named_by(cell: Cell, value: number): {to: string; how: string} | null {
  if (cell.type === "entry" && value !== 0) {
    return cell.field.startsWith("pmd")
      ? named_by_pmd(value as Pmd)
      : named_by_pte(value as Pte);
  }
  const isTail = cell.field === "compound_head" && (value & 1) === 1;
  return isTail ? {to: name_of_address(value - 1), how: "tail"} : null;
}

export function named_by_pmd(pmd: Pmd): {to: string; how: string} {
  if (!pmd_trans_huge(pmd)) return {to: pmd_table(pmd).pte[0].group, how: "table"};
  const how = pte_present(pmd as number as Pte) ? "huge" : "invalidated";
  return {to: pfn_name(pte_pfn(pmd as number as Pte)), how};
}

export function named_by_pte(pte: Pte): {to: string; how: string} | null {
  if (pte_present(pte)) return {to: pfn_name(pte_pfn(pte)), how: "present"};
  return is_migration_entry(pte) ? {to: pfn_name(swp_offset(pte)), how: "migration"} : null;
}

export function pfn_name(pfn: Pfn): string {
  return `page[${pfn - FIRST_PFN}]`;
}

/** 0 is free; a semaphore's readers are counted. */
export function print_lock(value: number): string {
  if (value === 0) return "free";
  if (value < 0) return "held by a writer";
  return value === 1 ? "held" : `held by ${value}`;
}
