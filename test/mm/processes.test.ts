// Rules of v5.14 that no recording in evidence/ shows, each tried by a few system calls of a parent and its children.

import {expect, it} from "vitest";
import {after, HUGE, SMALL} from "./sequence.ts";

it("a locked page that is copied on write stays with those who have not locked it, unlocked", () => {
  const {pages, counted} = after(...SMALL, "mlock 0 4", "child1 fork", "write 1 1");
  expect(pages("parent").flags.MLOCKED).toEqual([[0, 4]]);
  expect(pages("child1").flags.MLOCKED).toEqual([
    [0, 1],
    [2, 2],
  ]);
  expect(counted("unevictable_pgs_munlocked")).toBe(1);
});

it("MADV_FREE leaves a huge page alone of which another process maps a part, be it not the first", () => {
  const shared = [...HUGE, "child1 fork", "child1 munmap 0 256"];
  expect(after(...shared, "madv_free 0 512").counted("pglazyfree")).toBe(0);
  expect(after(...shared, "madv_free 0 100").counted("thp_split_page")).toBe(0);
  expect(after(...shared, "madv_cold 0 100").counted("thp_split_page")).toBe(1);
});

it("MADV_POPULATE_READ locks what a locked range maps already", () => {
  const {pages} = after(
    ...SMALL,
    "madv_pageout 0 4",
    "mlock_onfault 0 16",
    "read 0 1",
    "madv_populate_read 0 1",
  );
  expect(pages("parent").flags.MLOCKED).toEqual([[0, 1]]);
});

it("MADV_WILLNEED reads into the swap cache, where a fault finds the page", () => {
  const swapped = [...SMALL, "madv_pageout 0 4", "madv_willneed 0 16"];
  expect(after(...swapped).counted("pswpin")).toBe(4);
  const {pages, counted} = after(...swapped, "read 1 1");
  expect(counted("pswpin")).toBe(0);
  expect(pages("parent").flags.SWAPCACHE).toEqual([[1, 1]]);
});

it("the huge zero page is there from before, and goes when memory is short and nobody uses it", () => {
  const untouched = ["mmap 0 512", "madv_hugepage 0 512"];
  expect(after(...untouched, "read 0 1").counted("thp_zero_page_alloc")).toBe(0);
  expect(after(...untouched, "drop_slab", "read 0 1").counted("thp_zero_page_alloc")).toBe(1);
});
