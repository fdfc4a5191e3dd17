// GUP-fast with nobody in its way: what it takes, where, and that it gives all of it back.

import {describe, expect, it} from "vitest";
import {scene, type Scene} from "../support.ts";
import {nthAddress} from "../../src/races/huge_page.ts";

const split = ({kernel, run, mms: [mm]}: Scene) => run(kernel.split_huge_pages_pid(mm));
const splitPmd = ({kernel, run, mms: [mm]}: Scene) =>
  run(kernel.split_huge_pmd(mm.mmap[0], mm.mmap[0].vm_start));

/** References and pins of the page that holds those of page 3. */
function held({kernel, machine: {memory}, pages}: Scene, owner: number) {
  return [
    memory.read(pages[owner]._refcount),
    memory.read(kernel.compound_pincount_ptr(pages[0])),
  ];
}

describe.each([
  ["mapped by a PMD", () => {}, 0, 1],
  ["mapped by PTEs", splitPmd, 0, 4],
  ["of its own", split, 3, 1],
] as const)("a page %s", (_, prepare, owner, before) => {
  const small = owner === 3;

  it("is got with one reference on its head, and put", () => {
    const quiet = scene({pages: 4});
    prepare(quiet);
    const {
      kernel,
      run,
      mms: [mm],
      pages,
    } = quiet;
    const page = run(kernel.get_user_page_fast(mm, nthAddress(mm, 3), kernel.FOLL_GET));
    expect(page).toBe(pages[3]);
    expect(held(quiet, owner)[0]).toBe(before + 1);
    run(kernel.put_page(page!));
    expect(held(quiet, owner)[0]).toBe(before);
  });

  it("is pinned: a huge page counts its pins apart, a small one counts each for many", () => {
    const quiet = scene({pages: 4});
    prepare(quiet);
    const {
      kernel,
      run,
      mms: [mm],
    } = quiet;
    const pins = held(quiet, owner)[1];
    const page = run(kernel.get_user_page_fast(mm, nthAddress(mm, 3), kernel.FOLL_PIN));
    expect(held(quiet, owner)).toEqual(
      small ? [before + kernel.GUP_PIN_COUNTING_BIAS, pins] : [before + 1, pins + 1],
    );
    run(kernel.unpin_user_page(page!));
    expect(held(quiet, owner)).toEqual([before, pins]);
  });
});

describe("GUP-fast leaves to the slow path", () => {
  it("a page that is on the move, one that is not there, and a frozen one", () => {
    const quiet = scene({pages: 2});
    split(quiet);
    const {
      kernel,
      machine: {memory},
      run,
      mms: [mm],
      pages,
    } = quiet;
    run(kernel.get_page(pages[0]));
    run(kernel.lock_page(pages[0]));
    run(kernel.try_to_unmap(pages[0], false));
    expect(run(kernel.get_user_page_fast(mm, nthAddress(mm, 0), kernel.FOLL_GET))).toBe(null);
    run(kernel.remove_migration_ptes(pages[0], pages[0]));
    run(kernel.unlock_page(pages[0]));
    run(kernel.put_page(pages[0]));
    expect(run(kernel.page_ref_freeze(pages[0], 1))).toBe(true);
    expect(run(kernel.get_user_page_fast(mm, nthAddress(mm, 0), kernel.FOLL_GET))).toBe(null);
    run(kernel.madvise_dontneed(mm, nthAddress(mm, 1)));
    expect(run(kernel.get_user_page_fast(mm, nthAddress(mm, 1), kernel.FOLL_GET))).toBe(null);
    expect(memory.read(pages[0]._refcount)).toBe(0);
  });
});
