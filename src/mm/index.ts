// The kernel, as far as races, fixes and recordings name its parts. All of it is linked (src/livepatch/link.ts);
// these are the names whose types others need.

export {
  anon_vma_alloc,
  map_huge_page,
  mem_init,
  mm_alloc,
  mm_init,
  start_kernel,
} from "./boot.ts";
export {PAGE_TYPE_BUDDY, TRANSHUGE_PAGE_DTOR} from "./page_alloc.ts";
export {errname} from "./errno.ts";
export {dup_mm, mmput} from "./fork.ts";
export {FOLL_GET, FOLL_PIN, get_user_page_fast, unpin_user_page} from "./gup.ts";
export {page_address} from "./highmem.ts";
export {
  is_huge_zero_page,
  has_deferred_list,
  huge_zero,
  madvise_free_huge_pmd,
  mm_get_huge_zero_page,
  mm_put_huge_zero_page,
  page_deferred_list,
  split_huge_page,
  split_huge_pmd,
  split_huge_pages_pid,
  split_huge_page_to_list,
  total_mapcount,
} from "./huge_memory.ts";
export {named_by, print_flags, print_value} from "./debug.ts";
export {do_madvise, madvise_dontneed, madvise_free} from "./madvise.ts";
export {mlock, mlock_onfault, munlock} from "./mlock.ts";
export {do_mmap, do_munmap, PROT_READ, PROT_WRITE} from "./mmap.ts";
export {do_mprotect} from "./mprotect.ts";
export {mremap, MREMAP_DONTUNMAP, MREMAP_FIXED, MREMAP_MAYMOVE} from "./mremap.ts";
export {prctl_set_thp_disable} from "./sys.ts";
export {do_anonymous_page, fault_in} from "./memory.ts";
export {do_pages_move, do_pages_stat, move_pages} from "./migrate.ts";
export {
  compound_mapcount_ptr,
  compound_pincount_ptr,
  get_page,
  get_page_unless_zero,
  GUP_PIN_COUNTING_BIAS,
  page_mapcount,
  put_page,
  try_get_page,
} from "./mm.ts";
export {
  FIRST_PFN,
  frames_of_nodes,
  MMF_HUGE_ZERO_PAGE,
  nth_page,
  page_at,
  page_of_deferred_list,
  page_of_lru,
  pfn_to_page,
  page_to_pfn,
  PAGE_SIZE,
  VM_ACCESS_FLAGS,
  VM_DONTCOPY,
  VM_LOCKED,
  VM_SHARED,
  VM_WIPEONFORK,
  VM_WRITE,
  type AddressSpace,
  type AnonVma,
  type ListHead,
  type Mm,
  type Page,
  type PageTable,
  type VmArea,
} from "./mm_types.ts";
export {collapse_huge_page} from "./khugepaged.ts";
export {kpagecount_read, kpageflags_read} from "./page.ts";
export {is_migration_entry, swp_offset, swp_type} from "./swapops.ts";
export {swapper_space} from "./swap_state.ts";
export {nr_slots, SWAP_HAS_CACHE, swap_info, swap_map, swap_slot} from "./swapfile.ts";
export {linear_page_index} from "./rmap.ts";
export type {MemSizeStats, PagemapEntry} from "./task_mmu.ts";
export {
  clear_refs_write,
  pagemap_read,
  pid_smaps_read,
  show_smap,
  show_smaps_rollup,
} from "./task_mmu.ts";
export {user_read, user_write} from "./processor.ts";
export {node} from "./mmzone.ts";
export {
  PAGE_FLAGS_CHECK_AT_PREP,
  PAGE_MAPPING_ANON,
  PG_active,
  PG_dirty,
  PG_double_map,
  PG_head,
  PG_locked,
  PG_lru,
  PG_mlocked,
  PG_swapbacked,
  PG_swapcache,
  PG_unevictable,
  PG_uptodate,
} from "./page-flags.ts";
export {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_PROTNONE,
  is_swap_pmd,
  page_table_at,
  TASK_START,
  pmd_dirty,
  pmd_none,
  pmd_page,
  pmd_table,
  pmd_write,
  table_entry,
  pmd_trans_huge,
  pmd_young,
  pte_dirty,
  pte_none,
  pte_page,
  pte_pfn,
  pte_present,
  pte_special,
  pte_write,
  pte_young,
  ZERO_PAGE,
  type Pmd,
  type Pte,
} from "./pgtable.ts";
export {
  atomic_add_return,
  atomic_dec,
  atomic_inc,
  atomic_set_release,
  atomic_try_cmpxchg,
  atomic_xchg,
  load,
  READ_ONCE,
  smp_load_acquire,
  smp_store_release,
  store,
  WRITE_ONCE,
} from "../sim/atomic.ts";
export {BUG_ON} from "../sim/bug.ts";
export {marked} from "../sim/call.ts";
export {smp_mb, smp_wmb, spin_lock, spin_unlock} from "../sim/lock.ts";
export {drop_slab} from "./vmscan.ts";
export {io_sqe_buffers_register, io_sqe_buffers_unregister} from "./io_uring.ts";
export {process_vm_readv, process_vm_writev} from "./process_vm_access.ts";
export {free_pipe_info, PIPE_DEF_BUFFERS, vmsplice} from "./splice.ts";
