// Swap space, pins and splits under system calls: rules of v5.14 that no recording in evidence/ shows.

import {describe, expect, it} from "vitest";
import {after, HUGE, SMALL} from "./sequence.ts";

const referenced = ({vmas}: ReturnType<typeof after>) => vmas("child1")[0].Referenced;

describe("a huge page that is looked for", () => {
  it("in order to read it stays old, one that the process reads itself is young", () => {
    const forked = [...HUGE, "child1 fork"];
    expect(referenced(after(...forked, "child1 madv_populate_read 0 8"))).toBe(0);
    expect(referenced(after(...forked, "child1 pvm_read 0 2"))).toBe(0);
    expect(referenced(after(...forked, "child1 read 0 1"))).toBe(2048);
  });
});

describe("memory that is short", () => {
  it("splits what is on the queue, and tries again what it could not if much was given back", () => {
    const pinned = [...HUGE, "vmsplice 4 1", "madv_dontneed 0 4"];
    // The huge zero page is given back, and nothing the second time.
    const once = after(...pinned, "drop_slab");
    expect(once.counted("thp_split_page_failed")).toBe(2);
    const twice = after(...pinned, "drop_slab", "drop_slab");
    expect(twice.counted("thp_split_page_failed")).toBe(1);
    const closed = after(...pinned, "drop_slab", "pipe_close", "drop_slab");
    expect(closed.counted("thp_split_page")).toBe(1);
  });

  it("does not find what nobody maps, though a pipe holds it", () => {
    const unmapped = after(...HUGE, "vmsplice 4 1", "madv_dontneed 0 4", "madv_dontneed 4 508");
    expect(unmapped.pages("parent").present).toBeUndefined();
    const lines = ["madv_dontneed 0 4", "madv_dontneed 4 508", "drop_slab", "drop_slab"];
    expect(after(...HUGE, "vmsplice 4 1", ...lines).counted("thp_split_page_failed")).toBe(1);
  });
});

describe("a huge page that is put out while a child has locked a part of it", () => {
  // The first part is the parent's alone: so its mapcount does not tell that there is a child.
  const locked = [
    "child1 fork",
    "child1 munmap 0 8",
    "child1 mprotect 8 504 1",
    "child1 mlock 8 8",
  ];

  it("stays in the swap cache as a whole, where a fault finds its parts", () => {
    const put_out = [...HUGE, ...locked, "madv_pageout 0 512"];
    const {pages, counted} = after(...put_out);
    expect([counted("thp_swpout"), counted("pswpout")]).toEqual([0, 0]);
    expect(pages("parent").swapped).toEqual([[0, 512]]);
    expect(pages("child1").flags.SWAPCACHE).toEqual([[8, 504]]);

    const found = after(...put_out, "read 0 20");
    expect(found.counted("pswpin")).toBe(0);
    expect(found.pages("parent").compound).toEqual([[0, 20, 0]]);
    expect(found.pages("child1").sameFrameAsParent).toEqual([[8, 12]]);
  });
});

describe("a page that somebody holds", () => {
  it("is not put out if it is pinned, and only unmapped if a pipe has it", () => {
    const pinned = after(...SMALL, "uring_pin 1 1", "madv_pageout 0 4");
    expect(pinned.pages("parent").present).toEqual([[1, 1]]);
    expect(pinned.counted("pswpout")).toBe(3);

    const piped = [...SMALL, "vmsplice 1 1", "madv_pageout 0 4"];
    const {pages, counted} = after(...piped);
    expect(pages("parent").swapped).toEqual([[0, 4]]);
    expect(counted("pswpout")).toBe(3);
    const back = after(...piped, "read 1 1");
    expect([back.counted("pswpin"), back.pages("parent").flags.DIRTY]).toEqual([0, [[1, 1]]]);
  });

  it("is not moved, and loses its young bit for nothing", () => {
    const {done, vmas, counted} = after(...SMALL, "uring_pin 1 1", "move_pages 1 1 1");
    expect(done).toEqual({ret: 0, err: "0"});
    expect(counted("pgmigrate_fail")).toBe(1);
    expect(vmas("parent")[0].Referenced).toBe(12);
  });
});

describe("a pipe", () => {
  it("holds 16 pages, and looks for more before it finds that there is no room", () => {
    const {done, pages} = after("mmap 0 64", "madv_nohugepage 0 64", "vmsplice 0 20");
    expect(done).toEqual({ret: 0, err: "0", detail: 16});
    expect(pages("parent").present).toEqual([[0, 20]]);
    expect(pages("parent").flags.ZERO_PAGE).toEqual([[0, 20]]);
  });

  it("takes what it has room for, and then nothing", () => {
    const twice = [...SMALL, "vmsplice 0 10", "vmsplice 0 10"];
    expect(after(...twice).done).toEqual({ret: 0, err: "0", detail: 6});
    expect(after(...twice, "vmsplice 0 1").done).toEqual({ret: -1, err: "EAGAIN"});
    expect(after(...twice, "pipe_close", "vmsplice 0 1").done).toMatchObject({detail: 1});
  });
});

describe("move_pages", () => {
  it("knows which nodes there are", () => {
    expect(after(...SMALL, "move_pages 0 4 2").done).toEqual({ret: -1, err: "ENODEV"});
  });

  it("moves a huge page by any part of it, and finds the others there", () => {
    const {done, counted} = after(...HUGE, "move_pages 100 10 1");
    expect(done).toEqual({ret: 0, err: "0", detail: 10});
    expect(counted("pgmigrate_success")).toBe(512);
  });
});

describe("a page that two processes have in swap space", () => {
  const swapped = [...SMALL, "madv_pageout 0 4", "child1 fork"];

  it("is found in the swap cache by the second, and copied by who writes first", () => {
    const {pages, counted} = after(...swapped, "child1 read 1 1", "write 1 1");
    expect(counted("pswpin")).toBe(0);
    expect(pages("child1").flags.SWAPCACHE).toEqual([[1, 1]]);
    expect(pages("parent").flags.SWAPCACHE).toBeUndefined();
    expect(pages("child1").sameFrameAsParent).toBeUndefined();
  });

  it("is copied even when nobody else has it any more, if it is in the swap cache", () => {
    const alone = [...swapped, "child1 read 1 1", "read 1 1", "child1 exit"];
    expect(after(...alone).pages("parent").flags.SWAPCACHE).toEqual([[1, 1]]);
    const written = after(...alone, "write 1 1").pages("parent");
    expect([written.present, written.flags.SWAPCACHE]).toEqual([[[1, 1]], undefined]);
  });

  it("may be kept by a process that writes to it when only its own entry is left", () => {
    const alone = [...swapped, "child1 read 1 1", "child1 exit", "write 1 1"];
    const {pages, counted} = after(...alone);
    expect(counted("pswpin")).toBe(0);
    expect(pages("parent").flags.DIRTY).toEqual([[1, 1]]);
  });
});

describe("what was freed by MADV_FREE", () => {
  it("is kept, with all other parts of its huge page, if one was written to before the split", () => {
    const lazy = [...HUGE, "madv_free 0 512", "madv_dontneed 0 8", "write 20 1", "drop_slab"];
    const split = after(...lazy).pages("parent");
    expect([split.flags.DIRTY, split.flags.SWAPBACKED]).toEqual([[[8, 504]], undefined]);
    const {pages, counted} = after(...lazy, "madv_pageout 8 8");
    expect([counted("pglazyfreed"), counted("pswpout")]).toEqual([0, 0]);
    expect(pages("parent").flags.SWAPBACKED).toEqual([[8, 8]]);
    expect(pages("parent").flags.ACTIVE).toEqual([[8, 8]]);
  });
});
