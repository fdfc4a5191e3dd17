// Pages that go elsewhere: migration to another frame, and khugepaged's collapse.

import {describe, expect, it} from "vitest";
import type {Page, Pmd, Pte} from "../../src/mm/index.ts";
import {scene, type Scene} from "../support.ts";
import {nthAddress} from "../../src/races/huge_page.ts";

/** Small pages with contents of their own, that so many processes map. */
function smallPages(options: Parameters<typeof scene>[0]): Scene {
  const quiet = scene(options);
  const {kernel, machine, run, mms, pages} = quiet;
  run(kernel.split_huge_pages_pid(mms[0]));
  pages.forEach((page, i) => machine.memory.write(kernel.page_address(page), 10 + i));
  return quiet;
}

/** What each process has at `index`. */
function mappedAt({kernel, machine: {memory}, mms}: Scene, index: number): Page[] {
  return mms.map((mm) => {
    const pmd = memory.read(mm.pmds[0]) as Pmd;
    if (kernel.pmd_trans_huge(pmd)) return kernel.nth_page(kernel.pmd_page(pmd), index);
    return kernel.pte_page(memory.read(kernel.pmd_table(pmd).pte[index]) as Pte);
  });
}

describe.each([1, 2])("migration of a page that %i processes map", (mms) => {
  it("moves what is in it, to where all of them find it, and frees the old frame", () => {
    const quiet = smallPages({pages: 2, mms, spares: 1});
    const {
      kernel,
      machine: {memory},
      run,
      pages,
    } = quiet;
    expect(run(kernel.move_pages(quiet.mms[0], 1))).toBe(0);
    const moved = mappedAt(quiet, 0);
    expect(moved.map(({name}) => name)).toEqual(Array(mms).fill("page[3]"));
    expect(memory.read(kernel.page_address(moved[0]))).toBe(10);
    expect(memory.read(moved[0]._refcount)).toBe(mms);
    expect(run(kernel.page_mapcount(moved[0]))).toBe(mms);
    expect(kernel.print_flags(memory.read(moved[0].flags))).toBe(
      "uptodate|dirty|lru|swapbacked",
    );
    expect(memory.read(pages[0]._mapcount)).toBe(kernel.PAGE_TYPE_BUDDY);
  });
});

describe("migration that fails", () => {
  it("leaves a page that somebody holds as it was", () => {
    const quiet = smallPages({pages: 2, spares: 1});
    const {
      kernel,
      machine: {memory},
      run,
      mms: [mm],
      pages,
    } = quiet;
    run(kernel.get_page(pages[0]));
    const before = memory.read(pages[0].flags);
    expect(run(kernel.move_pages(mm, 2))).toBe(-kernel.EAGAIN);
    expect(mappedAt(quiet, 0)).toEqual([pages[0]]);
    expect(memory.read(pages[0]._refcount)).toBe(2);
    expect(memory.read(pages[0].flags)).toBe(before);
    expect(run(kernel.alloc_page())?.name).toBe("page[3]");
  });

  it("needs a frame to move to, and a page to move", () => {
    const quiet = smallPages({pages: 2});
    const {
      kernel,
      run,
      mms: [mm],
    } = quiet;
    expect(run(kernel.move_pages(mm, 1))).toBe(-kernel.ENOMEM);
    run(kernel.madvise_dontneed(mm, nthAddress(mm, 0)));
    expect(run(kernel.move_pages(mm, 1))).toBe(-kernel.ENOENT);
  });
});

describe("collapse", () => {
  it("puts all pages into a new huge one, which is mapped as a whole", () => {
    const quiet = smallPages({pages: 4, spares: 4});
    const {
      kernel,
      machine: {memory},
      run,
      mms: [mm],
      pages,
    } = quiet;
    expect(run(kernel.collapse_huge_page(mm.mmap[0], mm.mmap[0].vm_start))).toBe(true);
    const [head] = mappedAt(quiet, 0);
    expect(head.name).toBe("page[5]");
    const contents = [0, 1, 2, 3].map((i) =>
      memory.read(kernel.page_address(kernel.nth_page(head, i))),
    );
    expect(contents).toEqual([10, 11, 12, 13]);
    expect([memory.read(head._refcount), run(kernel.page_mapcount(head))]).toEqual([1, 1]);
    expect(pages.map((page) => memory.read(page._mapcount))).toEqual(
      Array(4).fill(kernel.PAGE_TYPE_BUDDY),
    );
  });

  it("can be split again, and collapsed again into the frames that came back", () => {
    const quiet = smallPages({pages: 2, spares: 2});
    const {
      kernel,
      machine: {memory},
      run,
      mms: [mm],
    } = quiet;
    for (let round = 0; round < 3; round++) {
      expect(run(kernel.collapse_huge_page(mm.mmap[0], mm.mmap[0].vm_start))).toBe(true);
      expect(mappedAt(quiet, 1).map((page) => memory.read(kernel.page_address(page)))).toEqual([
        11,
      ]);
      run(kernel.split_huge_pages_pid(mm));
    }
  });

  it("does nothing if somebody else holds one of the pages", () => {
    const quiet = smallPages({pages: 2, spares: 2});
    const {
      kernel,
      machine: {memory},
      run,
      mms: [mm],
      pages,
    } = quiet;
    run(kernel.get_page(pages[1]));
    const pmd = memory.read(mm.pmds[0]);
    expect(run(kernel.collapse_huge_page(mm.mmap[0], mm.mmap[0].vm_start))).toBe(false);
    expect(memory.read(mm.pmds[0])).toBe(pmd);
    expect(mappedAt(quiet, 1)).toEqual([pages[1]]);
    for (const page of pages)
      expect(kernel.print_flags(memory.read(page.flags))).toBe("uptodate|dirty|lru|swapbacked");
    expect(run(kernel.alloc_page())?.name).toBe("page[3]");
  });
});
