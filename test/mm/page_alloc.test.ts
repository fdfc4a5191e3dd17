// A page's way back to the allocator and out again.

import {describe, expect, it} from "vitest";
import {scene, type Scene} from "../support.ts";
import {nthAddress} from "../../src/races/huge_page.ts";

/** What the allocator would hand out next, uppermost first. */
function freeList({kernel, machine: {memory}}: Scene): string[] {
  const {free_list} = kernel.node().zone;
  const names: string[] = [];
  for (
    let at = memory.read(free_list.next);
    at !== free_list.address;
    at = memory.read(kernel.page_of_lru(at).lru.next)
  )
    names.push(kernel.page_of_lru(at).name);
  return names;
}

describe("free pages", () => {
  it("are those that nobody has mapped, the lowest on top", () => {
    expect(freeList(scene({pages: 2}))).toEqual([]);
    expect(freeList(scene({pages: 2, spares: 3}))).toEqual(["page[3]", "page[4]", "page[5]"]);
  });

  it("are handed out with one reference, and there is an end of them", () => {
    const quiet = scene({pages: 2, spares: 1});
    const {kernel, machine, run} = quiet;
    const page = run(kernel.alloc_page())!;
    expect(page.name).toBe("page[3]");
    expect(machine.memory.read(page._refcount)).toBe(1);
    expect(machine.memory.read(page._mapcount)).toBe(-1);
    expect(run(kernel.alloc_page())).toBe(null);
  });

  it("come back with the last reference, and are the first to go again", () => {
    const quiet = scene({pages: 2, spares: 2});
    const {kernel, machine, run} = quiet;
    const page = run(kernel.alloc_page())!;
    run(kernel.get_page(page));
    run(kernel.put_page(page));
    expect(freeList(quiet)).toEqual(["page[4]"]);
    run(kernel.put_page(page));
    expect(freeList(quiet)).toEqual(["page[3]", "page[4]"]);
    expect(machine.memory.read(page._mapcount)).toBe(kernel.PAGE_TYPE_BUDDY);
  });
});

describe("a page that is freed", () => {
  it("leaves the LRU list, and is wiped", () => {
    const quiet = scene({pages: 2});
    const {
      kernel,
      machine: {memory},
      run,
      mms: [mm],
      pages,
    } = quiet;
    run(kernel.split_huge_pages_pid(mm));
    run(kernel.madvise_dontneed(mm, nthAddress(mm, 1)));
    expect(freeList(quiet)).toEqual(["page[1]"]);
    expect(kernel.print_flags(memory.read(pages[1].flags))).toBe("none");
    expect(memory.read(pages[1].mapping)).toBe(0);
    const {list} = kernel.node().lruvec;
    expect([memory.read(list.next), memory.read(list.prev)]).toEqual([
      pages[0].lru.address,
      pages[0].lru.address,
    ]);
  });

  it("takes its parts with it, if it is a huge one, and leaves the queue of those to be split", () => {
    const quiet = scene({pages: 4});
    const {
      kernel,
      machine: {memory},
      run,
      mms: [mm],
      pages,
    } = quiet;
    for (const index of [0, 1, 2, 3]) run(kernel.madvise_dontneed(mm, nthAddress(mm, index)));
    expect(freeList(quiet)).toEqual(pages.map(({name}) => name));
    const {split_queue, split_queue_len} = kernel.node().deferred_split_queue;
    expect(memory.read(split_queue.next)).toBe(split_queue.address);
    expect(memory.read(split_queue_len)).toBe(0);
    expect(pages.map((page) => memory.read(page.compound_head) & 1)).toEqual([0, 0, 0, 0]);
  });

  it("must not be mapped any more", () => {
    const {
      kernel,
      run,
      mms: [mm],
      pages,
    } = scene({pages: 2});
    run(kernel.split_huge_pages_pid(mm));
    expect(() => run(kernel.put_page(pages[1]))).toThrow("Bad page state: nonzero mapcount");
  });
});

describe("a page fault", () => {
  it("maps a new page of zeros, and the frame that was freed last is it", () => {
    const quiet = scene({pages: 2});
    const {
      kernel,
      machine: {memory},
      run,
      mms: [mm],
      pages,
    } = quiet;
    run(kernel.split_huge_pages_pid(mm));
    memory.write(kernel.page_address(pages[1]), 7);
    run(kernel.madvise_dontneed(mm, nthAddress(mm, 1)));
    run(kernel.do_anonymous_page(mm.mmap[0], nthAddress(mm, 1)));
    const pte = memory.read(kernel.pmd_table(memory.read(mm.pmds[0]) as never).pte[1]);
    expect(kernel.pte_page(pte as never)).toBe(pages[1]);
    expect(memory.read(kernel.page_address(pages[1]))).toBe(0);
    expect(memory.read(pages[1].index)).toBe(memory.read(pages[0].index) + 1);
    expect(run(kernel.page_mapcount(pages[1]))).toBe(1);
  });

  it("that comes second puts its page back", () => {
    const quiet = scene({pages: 2, spares: 1});
    const {
      kernel,
      run,
      mms: [mm],
    } = quiet;
    run(kernel.split_huge_pages_pid(mm));
    run(kernel.do_anonymous_page(mm.mmap[0], nthAddress(mm, 1)));
    expect(freeList(quiet)).toEqual(["page[3]"]);
  });
});
