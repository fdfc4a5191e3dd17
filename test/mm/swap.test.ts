// Pages that go to swap space and come back, are discarded, locked in memory, moved or shared: with figures that Linux 5.14.2 gave for
// huge pages of 512, on a machine where they have 8 sub-pages.

import {describe, expect, it} from "vitest";
import {CheckedMachine} from "../../src/recorded/invariants/checked_machine.ts";
import {LinkedMachine} from "../../src/recorded/linked_machine.ts";
import type {ProcessName} from "../../src/recorded/trace.ts";
import {v5_13, type Linked} from "../support.ts";

const H = 8;

/** A machine, and what its counters have changed by since the last look. */
function quiet() {
  const machine = new LinkedMachine(v5_13, {
    ...{pages: H, pgflags: true, pmds: 12, syscalls: true, nodes: [60 * H, 20 * H]},
  });
  const checked = new CheckedMachine(machine);
  let before = machine.vmstat();
  const go = (name: string, a = 0, b = 0, c = 0, proc: ProcessName = "parent") => {
    const done = checked.do({proc, name, a, b, c});
    expect(checked.violations()).toEqual([]);
    return done;
  };
  const counted = (...names: string[]) => {
    const now = machine.vmstat();
    const changes = names.map((name) => (now[name] ?? 0) - (before[name] ?? 0));
    before = now;
    return changes;
  };
  const flag = (name: string, process: ProcessName = "parent") =>
    machine.observe()[process]?.pages.flags[name] ?? [];
  return {machine, kernel: machine.kernel as unknown as Linked, go, counted, flag};
}

function small(nr: number) {
  const all = quiet();
  all.go("mmap", 0, 4 * H);
  all.go("madv_nohugepage", 0, 4 * H);
  all.go("write", 0, nr);
  return all;
}

function huge() {
  const all = quiet();
  all.go("mmap", 0, H);
  all.go("madv_hugepage", 0, H);
  all.go("write", 0, H);
  all.counted();
  return all;
}

const pagesOf = ({machine}: ReturnType<typeof quiet>, process: ProcessName = "parent") =>
  machine.observe()[process]!.pages;

describe("MADV_PAGEOUT", () => {
  it("puts small pages out, and each comes back alone while one process has it", () => {
    const all = small(16);
    all.go("madv_pageout", 0, 8);
    expect(pagesOf(all).swapped).toEqual([[0, 8]]);
    all.go("read", 2, 1);
    all.go("write", 3, 1);
    expect(all.counted("pswpout", "pswpin")).toEqual([8, 2]);
    // They come back soon: so they are active at once.
    expect(all.flag("ACTIVE")).toEqual([[2, 2]]);
    expect(all.flag("SWAPCACHE")).toEqual([]);
  });

  it("keeps what was written", () => {
    const {machine, kernel, go} = small(2);
    const read = () =>
      machine.run(kernel.user_read(machine.process("parent"), machine.address(1)));
    const written = read();
    expect(written).not.toBe(0);
    go("madv_pageout", 0, 2);
    expect(read()).toBe(written);
  });

  it("puts a huge page out as a whole, in a cluster of slots", () => {
    const all = huge();
    all.go("madv_pageout", 0, H);
    expect(all.counted("thp_split_pmd", "thp_swpout", "pswpout", "thp_split_page")).toEqual([
      ...[1, 1, H, 0],
    ]);
    all.go("read", 5, 1);
    expect(pagesOf(all).swapped).toEqual([
      [0, 5],
      [6, 2],
    ]);
  });

  it("splits a huge page if it is asked for a part", () => {
    const all = huge();
    all.go("madv_pageout", 0, 3);
    const names = ["thp_split_page", "thp_deferred_split_page", "thp_swpout", "pswpout"];
    expect(all.counted(...names)).toEqual([1, 1, 0, 3]);
  });

  it("leaves pages alone that somebody else maps, too", () => {
    const all = small(4);
    all.go("fork", 0, 0, 0, "child1");
    all.go("madv_pageout", 0, 4);
    expect(all.counted("pswpout")).toEqual([0]);
  });

  it("leaves pages alone that are pinned, and cannot free those that a pipe holds", () => {
    const all = small(4);
    all.go("uring_pin", 0, 1);
    all.go("vmsplice", 1, 1);
    all.go("madv_pageout", 0, 4);
    expect(pagesOf(all).swapped).toEqual([[1, 3]]);
    expect(all.counted("pswpout")).toEqual([2]);
    // It is still in the swap cache: nothing is read.
    all.go("read", 1, 1);
    expect(all.counted("pswpin")).toEqual([0]);
    expect(all.flag("SWAPCACHE")).toEqual([[1, 1]]);
  });

  it("discards what MADV_FREE has freed, unless it was written to again", () => {
    const all = small(4);
    all.go("madv_free", 0, 4);
    all.go("write", 1, 1);
    all.go("madv_pageout", 0, 4);
    expect(all.counted("pglazyfree", "pglazyfreed", "pswpout")).toEqual([4, 3, 0]);
    expect(all.flag("SWAPBACKED")).toEqual([[1, 1]]);
    expect(pagesOf(all).present).toEqual([[1, 1]]);
  });
});

describe("what two processes have in swap space", () => {
  function forked() {
    const all = small(16);
    all.go("madv_pageout", 0, 16);
    all.go("fork", 0, 0, 0, "child1");
    all.counted();
    return all;
  }

  it("comes back through the swap cache, with some of its neighbours", () => {
    const all = forked();
    all.go("read", 4, 1);
    // Of eight around it those that lie below the same PMD.
    expect(all.counted("pswpin")).toEqual([7]);
    expect(all.flag("SWAPCACHE")).toEqual([[4, 1]]);
    all.go("read", 4, 1, 0, "child1");
    expect(all.counted("pswpin")).toEqual([0]);
    expect(pagesOf(all, "child1").sameFrameAsParent).toEqual([[4, 1]]);
  });

  it("is copied for who writes, as long as the other has an entry for it", () => {
    const all = forked();
    all.go("write", 4, 1);
    expect(all.flag("SWAPCACHE")).toEqual([]);
    all.go("read", 4, 1, 0, "child1");
    expect(pagesOf(all, "child1").sameFrameAsParent ?? []).toEqual([]);
  });

  it("loses its slot with the last who names it", () => {
    const all = forked();
    const {machine, kernel} = all;
    all.go("exit", 0, 0, 0, "child1");
    all.go("munmap", 0, 4 * H);
    expect(machine.machine.memory.read(kernel.swap_info().inuse_pages)).toBe(0);
  });

  it.each([
    [0, 4, 0, 8],
    [1, 0, 8, 4],
    [5, 0, 8, 4],
    [5, 0, 2, 1],
    [1, 0, 0, 2],
    [5, 3, 1, 8],
    [5, 1, 1, 4],
  ])("%i pages on, %i hits, %i before: reads %i", (distance, hits, last, pages) => {
    expect(quiet().kernel.__swapin_nr_pages(distance, hits, last)).toBe(pages);
  });
});

describe("pages that are locked in memory", () => {
  it("a huge page is marked on its head; a split PMD unmarks it", () => {
    const all = huge();
    all.go("mlock", 0, H);
    expect(all.counted("unevictable_pgs_mlocked")).toEqual([H]);
    expect([all.flag("MLOCKED"), all.flag("UNEVICTABLE")]).toEqual([[[0, 1]], [[0, 1]]]);
    all.go("munlock", 0, H / 2);
    expect(all.flag("MLOCKED")).toEqual([]);
    expect(all.counted("unevictable_pgs_munlocked", "thp_split_pmd")).toEqual([0, 1]);
  });

  it("the parts of a huge page that is split are marked one by one", () => {
    const all = huge();
    all.go("mlock", 0, H);
    all.counted();
    all.go("debugfs_split", 0, H);
    expect(all.flag("MLOCKED")).toEqual([[0, H]]);
    expect(all.counted("unevictable_pgs_mlocked")).toEqual([H]);
  });

  it("a page that was copied is not kept for the range's sake any more", () => {
    const all = small(4);
    all.go("mlock", 0, 4);
    all.go("fork", 0, 0, 0, "child1");
    all.counted();
    all.go("write", 1, 1);
    const names = ["unevictable_pgs_mlocked", "unevictable_pgs_munlocked"];
    expect(all.counted(...names)).toEqual([1, 1]);
    expect(all.flag("MLOCKED", "child1")).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });
});

describe("splits", () => {
  it("drop_slab splits what is partly mapped, and tries in vain what somebody holds", () => {
    const all = huge();
    all.go("madv_dontneed", 0, 2);
    all.go("vmsplice", 4, 1);
    all.go("drop_slab");
    expect(all.counted("thp_split_page", "thp_split_page_failed")).toEqual([0, 1]);
    all.go("pipe_close");
    all.go("drop_slab");
    const names = ["thp_split_page", "thp_split_page_failed", "thp_deferred_split_page"];
    expect(all.counted(...names)).toEqual([1, 0, 0]);
  });

  it("debugfs does not even try a huge page that somebody holds; MADV_FREE does", () => {
    const all = huge();
    all.go("vmsplice", 4, 1);
    all.go("debugfs_split", 0, H);
    expect(all.counted("thp_split_page_failed")).toEqual([0]);
    all.go("madv_free", 0, 3);
    expect(all.counted("thp_split_page_failed", "thp_split_pmd")).toEqual([1, 0]);
  });

  it("a huge page that was moved to a place that is not aligned is found in both tables", () => {
    const all = huge();
    all.go("mmap", 2 * H, 2 * H);
    all.go("mremap", 0, H, 2 * H + 3);
    all.go("debugfs_split", 2 * H + 3, H);
    expect(all.counted("thp_split_page")).toEqual([1]);
    expect(pagesOf(all).compound ?? []).toEqual([]);
  });
});

describe("move_pages", () => {
  it("moves a huge page as a whole, and not one that a child maps as well", () => {
    const all = huge();
    expect(pagesOf(all).gen).toEqual([[0, H, 1]]);
    all.go("fork", 0, 0, 0, "child1");
    expect(all.go("move_pages", 0, 1, 1)).toEqual({ret: 0, err: "0"});
    all.go("exit", 0, 0, 0, "child1");
    expect(all.go("move_pages", 0, 1, 1)).toEqual({ret: 0, err: "0", detail: 1});
    const names = ["thp_migration_success", "pgmigrate_success", "thp_split_pmd"];
    expect(all.counted(...names)).toEqual([1, H, 0]);
    expect(pagesOf(all).gen).toEqual([[0, H, 2]]);
  });

  it("moves pages of the swap cache and of shared memory, and none that are held", () => {
    const all = quiet();
    all.go("mmap_shared", 0, H);
    all.go("write", 0, 4);
    all.go("vmsplice", 3, 1);
    expect(all.go("move_pages", 0, 4, 1)).toEqual({ret: 0, err: "0", detail: 3});
    expect(all.go("move_pages", 0, 4, 2)).toEqual({ret: -1, err: "ENODEV"});
  });
});

describe("shared memory", () => {
  it("a read maps what is there nearby, a write only its page", () => {
    const all = quiet();
    all.go("mmap_shared", 0, 2 * H);
    all.go("fork", 0, 0, 0, "child1");
    all.go("write", 2, 4, 0, "child1");
    all.go("read", 5, 1);
    // Sixteen at the most, and no more than lie below the same PMD.
    expect(pagesOf(all).present).toEqual([[2, 4]]);
    expect(pagesOf(all).sameFrameAsParent).toBeUndefined();
    all.go("write", 9, 1);
    expect(pagesOf(all).present).toEqual([
      [2, 4],
      [9, 1],
    ]);
  });

  it("goes to swap space and comes back, for all who map it", () => {
    const all = quiet();
    all.go("mmap_shared", 0, H);
    all.go("write", 0, 2);
    all.go("read", 2, 1);
    all.go("madv_pageout", 0, H);
    // What was only read is zeros, and is made anew.
    expect(all.counted("pswpout")).toEqual([2]);
    expect(all.machine.observe().parent!.vmas[0].Swap).toBe(8);
    all.go("read", 0, 3);
    expect(all.counted("pswpin")).toEqual([2]);
  });

  it("goes with the last range that maps it", () => {
    const all = quiet();
    all.go("mmap_shared", 0, H);
    all.go("write", 0, 4);
    all.go("madv_pageout", 0, 2);
    all.go("munmap", 0, H);
    const {machine, kernel} = all;
    expect(machine.machine.memory.read(kernel.swap_info().inuse_pages)).toBe(0);
  });
});
