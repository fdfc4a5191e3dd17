// A huge page before anything happens to it: how it is built, which of its words are one word, and what its flags ask of
// whoever looks at them.

import {describe, expect, it} from "vitest";
import type {Page} from "../../src/mm/index.ts";
import {run_alone} from "../../src/sim/index.ts";
import {boot, countsOf, scene} from "../support.ts";

describe.each([2, 4, 512])("prep_compound_page of %i pages", (nr) => {
  const {kernel, machine} = boot({pages: nr});
  const {memory} = machine;
  const head = run_alone(kernel.start_kernel(), machine);
  run_alone(kernel.prep_compound_page(head), machine);
  run_alone(kernel.prep_transhuge_page(head), machine);
  const tails = Array.from({length: nr - 1}, (_, i) => kernel.nth_page(head, i + 1));

  it("the head keeps the allocator's reference and is marked", () => {
    expect(memory.read(head._refcount)).toBe(1);
    expect(kernel.print_flags(memory.read(head.flags))).toBe("head");
    expect(memory.read(head.compound_head) & 1).toBe(0);
  });

  it("a tail names its head and has no reference of its own", () => {
    for (const tail of tails) {
      expect(memory.read(tail.compound_head)).toBe(head.address + 1);
      expect(memory.read(tail._refcount)).toBe(0);
    }
  });

  it("the mapping of a tail is poison, but for the tails that keep something else there", () => {
    const poisoned = tails.slice(2).map((tail) => memory.read(tail.mapping));
    expect(poisoned.every((mapping) => mapping === 0x400)).toBe(true);
  });

  it("nobody maps it: every mapcount is -1", () => {
    expect([head, ...tails].map((page) => memory.read(page._mapcount))).toEqual(
      Array(nr).fill(-1),
    );
    expect(memory.read(tails[0].compound_mapcount)).toBe(-1);
  });

  it("the first tail knows its order and its number of pages", () => {
    expect(memory.read(tails[0].compound_order)).toBe(Math.log2(nr));
    expect(memory.read(tails[0].compound_nr)).toBe(nr);
    expect(run_alone(kernel.compound_nr(head), machine)).toBe(nr);
  });
});

describe.each([4, 512])("a huge page of %i that one process maps", (nr) => {
  const quiet = scene({pages: nr});
  const {kernel, machine, head, pages, mms} = quiet;

  it("has one reference, one mapping of the whole, none of its parts", () => {
    expect(countsOf(quiet, head)).toEqual({refcount: 1, mapcount: -1, compound_mapcount: 0});
    for (const tail of pages.slice(1))
      expect(countsOf(quiet, tail)).toMatchObject({refcount: 0, mapcount: -1});
  });

  it("has a head that is uptodate, swapbacked and on the LRU list", () => {
    expect(kernel.print_flags(machine.memory.read(head.flags))).toBe(
      "uptodate|lru|head|swapbacked",
    );
  });

  it("is mapped by a huge, present, writable PMD", () => {
    const pmd = machine.memory.read(mms[0].pmds[0]) as Parameters<typeof kernel.pmd_page>[0];
    expect(kernel.pmd_trans_huge(pmd) && kernel.pmd_present(pmd) && kernel.pmd_write(pmd)).toBe(
      true,
    );
    expect(kernel.pmd_page(pmd)).toBe(head);
  });
});

it("fork: two processes are two references and two mappings of the whole, and neither may write", () => {
  const quiet = scene({mms: 2});
  const {kernel, machine, head, mms} = quiet;
  expect(countsOf(quiet, head)).toEqual({refcount: 2, mapcount: -1, compound_mapcount: 1});
  for (const {pmds} of mms) {
    expect(
      kernel.pmd_write(machine.memory.read(pmds[0]) as Parameters<typeof kernel.pmd_page>[0]),
    ).toBe(false);
  }
});

describe("the overlays of struct page: two names, one address", () => {
  const {kernel, head} = scene();
  const page: Page = kernel.nth_page(head, 1);

  it.each([
    ["compound_head", page.compound_head.address, page.lru.next.address],
    ["compound_dtor", page.compound_dtor.address, page.lru.prev.address],
    ["compound_order", page.compound_order.address, page.lru.prev.address + 1],
    ["hpage_pinned_refcount", page.hpage_pinned_refcount.address, page.lru.prev.address],
    ["compound_mapcount", page.compound_mapcount.address, page.lru.prev.address + 4],
    ["compound_nr", page.compound_nr.address, page.mapping.address],
    ["deferred_list.next", page.deferred_list.next.address, page.mapping.address],
    ["deferred_list.prev", page.deferred_list.prev.address, page.index.address],
  ])("%s", (_name, one, other) => {
    expect(one).toBe(other);
  });

  it("the byte offsets are those of v5.13", () => {
    const offsets = {
      flags: 0,
      compound_head: 8,
      mapping: 24,
      index: 32,
      private: 40,
      _mapcount: 48,
      _refcount: 52,
    };
    for (const [field, offset] of Object.entries(offsets)) {
      const {address} = page[field as keyof typeof offsets];
      expect(address - page.address, field).toBe(offset);
    }
  });

  it("the link of a list is read as a compound_mapcount: the high half of a struct page's address", () => {
    const {kernel, machine, head, run} = scene();
    const first = kernel.nth_page(head, 1);
    run(kernel.store(first.lru.prev, head.lru.address));
    expect(machine.memory.read(first.compound_mapcount) >>> 0).toBe(0xffffea00);
  });
});

describe("the policies of page flags", () => {
  const checked = scene({pgflags: true});
  const unchecked = scene({pgflags: false});
  const BUG = "VM_BUG_ON_PAGE(!PageHead(page)) (page[1])";

  it("PF_SECOND: PageDoubleMap of a head looks at page[1]", () => {
    const {kernel, machine, head, pages, run} = scene();
    expect(run(kernel.PageDoubleMap(head))).toBe(false);
    machine.memory.write(pages[1].flags, 1 << kernel.PG_double_map);
    expect(run(kernel.PageDoubleMap(head))).toBe(true);
    expect(run(kernel.TestClearPageDoubleMap(head))).toBe(true);
    expect(run(kernel.TestSetPageDoubleMap(head))).toBe(false);
  });

  it("PF_SECOND: PageDoubleMap of a tail is a BUG, if flags are checked", () => {
    expect(() => checked.run(checked.kernel.PageDoubleMap(checked.pages[1]))).toThrow(BUG);
    expect(unchecked.run(unchecked.kernel.PageDoubleMap(unchecked.pages[1]))).toBe(false);
  });

  it.each([true, false])(
    "PF_SECOND: so it is of a small page; flags checked: %s",
    (pgflags) => {
      const {kernel, machine} = boot({pgflags});
      const page = run_alone(kernel.start_kernel(), machine);
      const look = () => run_alone(kernel.PageDoubleMap(page), machine);
      if (pgflags) expect(look).toThrow("VM_BUG_ON_PAGE(!PageHead(page)) (page[0])");
      else expect(look()).toBe(false);
    },
  );

  it("PF_HEAD and PF_NO_TAIL: a tail's flag is its head's", () => {
    const {kernel, pages, head, run} = checked;
    for (const look of [
      kernel.PageLRU,
      kernel.PageSwapBacked,
      kernel.PageDirty,
      kernel.PageLocked,
    ]) {
      expect(run(look(pages[3])), look.name).toBe(run(look(head)));
    }
    expect(run(kernel.PageLRU(pages[3]))).toBe(true);
  });

  it("PF_ANY: a tail is no head", () => {
    const {kernel, pages, run} = checked;
    expect(pages.map((page) => run(kernel.PageHead(page)))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(pages.map((page) => run(kernel.PageTail(page)))).toEqual([false, true, true, true]);
    expect(pages.map((page) => run(kernel.PageCompound(page)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it("a kernel that checks flags reads more than one that does not", () => {
    const steps = ({kernel, head}: typeof checked) => {
      const op = kernel.PageDoubleMap(head);
      let count = 0;
      for (let r = op.next(); !r.done; r = op.next(0x1_0000)) if ("cell" in r.value) count++;
      return count;
    };
    expect([steps(unchecked), steps(checked)]).toEqual([1, 2]);
  });
});

describe("migration entries", () => {
  const {kernel, head, pages, machine, run} = scene();

  it.each([true, false])(
    "come back as they were made, for every page; writable: %s",
    (write) => {
      run(kernel.lock_page(head));
      for (const page of pages) {
        const entry = run(kernel.make_migration_entry(page, write));
        expect(kernel.is_migration_entry(entry)).toBe(true);
        expect(kernel.is_write_migration_entry(entry)).toBe(write);
        expect(kernel.pte_present(entry)).toBe(false);
        expect(run(kernel.migration_entry_to_page(entry))).toBe(page);
      }
      run(kernel.unlock_page(head));
    },
  );

  it("hold no reference and no mapcount", () => {
    run(kernel.lock_page(head));
    const before = pages.map((page) => [
      machine.memory.read(page._refcount),
      machine.memory.read(page._mapcount),
    ]);
    run(kernel.make_migration_entry(pages[2], true));
    expect(
      pages.map((page) => [
        machine.memory.read(page._refcount),
        machine.memory.read(page._mapcount),
      ]),
    ).toEqual(before);
    run(kernel.unlock_page(head));
  });

  it("of a page that is not locked are a BUG, to make and to follow", () => {
    run(kernel.lock_page(head));
    const entry = run(kernel.make_migration_entry(pages[1], true));
    run(kernel.unlock_page(head));
    expect(() => run(kernel.make_migration_entry(pages[1], true))).toThrow(
      "BUG_ON(!PageLocked(compound_head(page)))",
    );
    expect(() => run(kernel.migration_entry_to_page(entry))).toThrow(
      "BUG_ON(!PageLocked(compound_head(p)))",
    );
  });

  it("are neither nothing nor a mapping", () => {
    const pte = kernel.mk_pte(pages[1], 2);
    expect(kernel.is_migration_entry(pte)).toBe(false);
    expect(kernel.pte_page(pte)).toBe(pages[1]);
    expect(kernel.is_migration_entry(0 as typeof pte)).toBe(false);
  });

  it("are told from mappings, of whatever swap area they speak", () => {
    for (let type = 0; type <= kernel.SWP_TYPE_MASK; type++) {
      const entry = kernel.swp_entry(type, 0x2a672);
      expect(kernel.pte_present(entry), `type ${type}`).toBe(false);
      expect(kernel.is_swap_pte(entry), `type ${type}`).toBe(true);
      expect(kernel.is_swapped(entry), `type ${type}`).toBe(type !== 28 && type !== 29);
    }
  });
});
