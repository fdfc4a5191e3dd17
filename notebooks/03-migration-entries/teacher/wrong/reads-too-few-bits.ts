// teacher-only
// loses: type-and-frame, which-is-which
// because: the type has five bits, and not four.

import {type Pfn} from "../../../../src/mm/mm_types.ts";
import {is_swap_pte, type Pte} from "../../../../src/mm/pgtable.ts";

// cell 20
export function swp_type(entry: Pte): number {
  return (entry >>> 7) & 15;
}

export function swp_offset(entry: Pte): Pfn {
  return entry >>> 12;
}

export function is_migration_entry(entry: Pte): boolean {
  if (!is_swap_pte(entry)) return false;
  const type = swp_type(entry);
  return type === 28 || type === 29;
}

export function is_write_migration_entry(entry: Pte): boolean {
  return is_swap_pte(entry) && swp_type(entry) === 29;
}
