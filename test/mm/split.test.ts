// The split with nobody else there: the counts go through the stations that the kernel's do, and all ends well, or as it
// was.

import {describe, expect, it} from "vitest";
import type {Page} from "../../src/mm/index.ts";
import {countsOf, scene, watch, type Scene} from "../support.ts";

/** The caller's part of a split: the page lock and one reference. */
function hold({kernel, head, run}: Scene): void {
  run(kernel.lock_page(head));
  run(kernel.get_page(head));
}

function ptesOf({kernel, machine, mms}: Scene, mm = mms[0]) {
  const pmd = machine.memory.read(mm.pmds[0]) as Parameters<typeof kernel.pmd_table>[0];
  return kernel
    .pmd_table(pmd)
    .pte.map((ptep) => machine.memory.read(ptep) as Parameters<typeof kernel.pte_page>[0]);
}

/** The addresses of what is on a list, in its order, along `next` or `prev`. */
function walk({machine: {memory}}: Scene, list: Page["lru"], way: "next" | "prev"): number[] {
  const found: number[] = [];
  const link = (address: number): number => {
    const at = way === "next" ? address : address + 8;
    return memory.read({...list.next, address: at});
  };
  for (let at = link(list.address); at !== list.address; at = link(at)) {
    if (found.push(at) > 10_000) throw new Error("the list does not come back to its head");
  }
  return found;
}

const all = <T>(values: readonly T[]): T | readonly T[] =>
  values.every((v) => v === values[0]) ? values[0] : values;

/** The counts of the head, of all tails (one value if they agree), and of the whole. */
function stationOf(s: Scene) {
  const tails = s.pages.slice(1).map((page) => countsOf(s, page));
  const {refcount, mapcount, compound_mapcount} = countsOf(s, s.head);
  return {
    head: refcount,
    tails: all(tails.map((t) => t.refcount)),
    mapcounts: all([mapcount, ...tails.map((t) => t.mapcount)]),
    compound: compound_mapcount,
  };
}

describe.each([4, 512])("split_huge_page of %i pages, alone", (nr) => {
  const s = scene({pages: nr});
  const {kernel, machine, head, pages, mms, run} = s;
  hold(s);

  const stations: Record<string, ReturnType<typeof stationOf>> = {start: stationOf(s)};
  const tailsDone: number[] = [];
  const remapped: {refcount: number; mapcount: number}[] = [];
  const answer = watch(kernel.split_huge_page(head), machine, {
    stepped({cell}, functions) {
      const splitsPmd = functions[0] === "__split_huge_pmd_locked";
      if (splitsPmd && cell.address === kernel.compound_mapcount_ptr(head).address) {
        stations["PMD split"] = stationOf(s);
      }
    },
    returned(name, functions) {
      const [caller] = functions;
      if (name === "page_ref_add") stations["references for the PTEs"] = stationOf(s);
      if (name === "unmap_page") stations["unmapped"] = stationOf(s);
      if (name === "page_ref_freeze") stations["frozen"] = stationOf(s);
      if (name === "__split_huge_page_tail") {
        tailsDone.push(pages.findIndex((page) => machine.memory.read(page._refcount) === 1));
      }
      if (name === "page_ref_inc" && caller === "__split_huge_page")
        stations["unfrozen"] = stationOf(s);
      if (name === "remove_migration_ptes") {
        const {refcount, mapcount} = countsOf(s, pages[remapped.length]);
        remapped.push({refcount, mapcount});
      }
    },
  });

  it("answers 0", () => expect(answer).toBe(0));

  it.each([
    ["start", {head: 2, tails: 0, mapcounts: -1, compound: 0}],
    ["references for the PTEs", {head: nr + 1, tails: 0, mapcounts: -1, compound: 0}],
    ["PMD split", {head: nr + 1, tails: 0, mapcounts: 0, compound: -1}],
    ["unmapped", {head: 1, tails: 0, mapcounts: -1, compound: -1}],
    ["frozen", {head: 0, tails: 0, mapcounts: -1, compound: -1}],
  ])("%s: %j", (name, counts) => expect(stations[name]).toEqual(counts));

  it("tails get their reference one by one, from the last to the first", () => {
    expect(tailsDone).toEqual(Array.from({length: nr - 1}, (_, i) => nr - 1 - i));
  });

  it("unfrozen: everybody has one reference, and nobody is mapped", () => {
    expect(stations["unfrozen"]).toMatchObject({head: 1, tails: 1, mapcounts: -1});
  });

  it("remapped: from the first to the last, a mapping and its reference each", () => {
    expect(remapped).toEqual(Array(nr).fill({refcount: 2, mapcount: 0}));
  });

  it("the pin and the lock of the caller are on the page it asked for", () => {
    expect(pages.map((page) => machine.memory.read(page._refcount))).toEqual([
      2,
      ...Array<number>(nr - 1).fill(1),
    ]);
    const locked = pages.filter((page) => run(kernel.PageLocked(page)));
    expect(locked).toEqual([head]);
  });

  it("then every page is small, mapped once, unlocked, and has one reference", () => {
    run(kernel.unlock_page(head));
    run(kernel.put_page(head));
    for (const page of pages) {
      expect(run(kernel.PageCompound(page)), page.name).toBe(false);
      expect(run(kernel.page_mapcount(page)), page.name).toBe(1);
      expect(run(kernel.page_count(page)), page.name).toBe(1);
      expect(run(kernel.PageLocked(page)), page.name).toBe(false);
      expect(kernel.print_flags(machine.memory.read(page.flags))).toBe(
        "uptodate|dirty|lru|swapbacked",
      );
    }
  });

  it("every entry maps its page again, writable", () => {
    const ptes = ptesOf(s);
    expect(ptes.map(kernel.pte_page)).toEqual(pages);
    expect(ptes.every((pte) => kernel.pte_present(pte) && kernel.pte_write(pte))).toBe(true);
  });

  it("every page knows its place in the mapping of the whole", () => {
    const {memory} = machine;
    const mapping = memory.read(head.mapping);
    expect(all(pages.map((page) => memory.read(page.mapping)))).toBe(mapping);
    const first = mms[0].mmap[0].vm_start / 4096;
    expect(pages.map((page) => memory.read(page.index))).toEqual(
      pages.map((_, i) => first + i),
    );
  });

  it("all pages are on the LRU list, once, and it can be walked both ways", () => {
    const {list} = kernel.node().lruvec;
    const forward = walk(s, list, "next");
    expect(new Set(forward)).toEqual(new Set(pages.map((page) => page.lru.address)));
    expect(forward).toHaveLength(nr);
    expect(walk(s, list, "prev")).toEqual([...forward].reverse());
  });

  it("nothing is left on the queue of pages to be split, and its locks are free", () => {
    const {deferred_split_queue: queue, lruvec} = kernel.node();
    expect(walk(s, queue.split_queue, "next")).toEqual([]);
    const words = [
      queue.split_queue_len,
      queue.split_queue_lock,
      lruvec.lru_lock,
      mms[0].pmd_lock,
    ];
    expect(words.map((word) => machine.memory.read(word))).toEqual([0, 0, 0, 0]);
  });

  it("the page behind the huge page is as it was", () => {
    const foreign = kernel.nth_page(head, nr);
    expect(countsOf(s, foreign)).toMatchObject({refcount: 1, mapcount: -1});
    expect(kernel.print_flags(machine.memory.read(foreign.flags))).toBe("slab");
  });
});

it("a sub-page can be the one that is asked for: then the caller's reference and lock end up there", () => {
  const s = scene();
  hold(s);
  expect(s.run(s.kernel.split_huge_page(s.pages[2]))).toBe(0);
  expect(s.pages.map((page) => s.machine.memory.read(page._refcount))).toEqual([1, 1, 2, 1]);
  expect(s.pages.filter((page) => s.run(s.kernel.PageLocked(page)))).toEqual([s.pages[2]]);
});

describe("split_huge_page when somebody else holds a reference", () => {
  it("that was there before: -EBUSY, and nothing has happened", () => {
    const s = scene();
    hold(s);
    s.run(s.kernel.get_page(s.head));
    const before = s.machine.memory.halves.slice();
    expect(s.run(s.kernel.split_huge_page(s.head))).toBe(-16);
    expect(s.machine.memory.halves).toEqual(before);
  });

  describe.each([4, 512])("that was taken after can_split_huge_page(), %i pages", (nr) => {
    const s = scene({pages: nr});
    const {kernel, machine, head, pages, run} = s;
    hold(s);
    const start = stationOf(s);
    const answer = watch(kernel.split_huge_page(head), machine, {
      returned: (name, [caller]) => {
        if (name === "can_split_huge_page" && caller === "split_huge_page_to_list")
          run(kernel.get_page(head));
      },
    });

    it("answers -EBUSY", () => expect(answer).toBe(-16));

    it("leaves a huge page, its lock and the caller's reference", () => {
      expect(pages.map((page) => run(kernel.compound_head(page)))).toEqual(
        Array(nr).fill(head),
      );
      expect(run(kernel.PageLocked(head))).toBe(true);
      expect(run(kernel.total_mapcount(head))).toBe(nr);
    });

    it("is mapped by PTEs, each with a mapping and a reference, in place of one of the whole", () => {
      const extra = 1;
      expect(stationOf(s)).toEqual({
        head: start.head + nr - 1 + extra,
        tails: 0,
        mapcounts: 0,
        compound: -1,
      });
    });

    it("maps the same pages, writable", () => {
      const ptes = ptesOf(s);
      expect(ptes.map(kernel.pte_page)).toEqual(pages);
      expect(ptes.every((pte) => kernel.pte_present(pte) && kernel.pte_write(pte))).toBe(true);
    });

    it("can be split once the reference is gone", () => {
      run(kernel.put_page(head));
      expect(run(kernel.split_huge_page(head))).toBe(0);
      run(kernel.unlock_page(head));
      run(kernel.put_page(head));
      expect(all(pages.map((page) => run(kernel.page_count(page))))).toBe(1);
      expect(all(pages.map((page) => run(kernel.page_mapcount(page))))).toBe(1);
    });
  });
});

it("a huge page that two processes map is split for both", () => {
  const s = scene({mms: 2});
  const {kernel, pages, mms, run} = s;
  run(kernel.split_huge_pages_pid(mms[0]));
  expect(pages.map((page) => run(kernel.page_mapcount(page)))).toEqual([2, 2, 2, 2]);
  expect(pages.map((page) => run(kernel.page_count(page)))).toEqual([2, 2, 2, 2]);
  for (const mm of mms) {
    expect(ptesOf(s, mm).map(kernel.pte_page)).toEqual(pages);
    expect(ptesOf(s, mm).some(kernel.pte_write)).toBe(false);
  }
});

it("MADV_FREE leaves alone a huge page that two processes map", () => {
  const s = scene({mms: 2});
  const before = s.machine.memory.halves.slice();
  s.run(s.kernel.madvise_free(s.mms[0]));
  expect(s.machine.memory.halves).toEqual(before);
});
