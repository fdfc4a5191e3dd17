// How ranges are parted and joined: the cases as mm/mmap.c numbers them, who inherits whose anon_vma, and what is refused.

import {describe, expect, it} from "vitest";
import {answered} from "../../src/livepatch/index.ts";
import type {Mm, Pmd, VmArea} from "../../src/mm/index.ts";
import type {Op} from "../../src/sim/index.ts";
import {v5_13, type Linked} from "../support.ts";

const SIZE = 4096;
const run = <T>(op: Op<T>): T => answered(op);

/** A process; what is done to it is said in pages. */
function process(pages = 4) {
  const options = {pages, pgflags: true, pmds: 5, syscalls: true, nodes: [40 * pages, pages]};
  const {kernel, machine} = v5_13.bootAlone(options);
  const linked = kernel as unknown as Linked;
  linked.mem_init();
  const mm = linked.mm_init("mm");
  const at = (page: number) => linked.TASK_START + page * SIZE;
  const page = (address: number) => (address - linked.TASK_START) / SIZE;
  const rights = ({vm_flags}: VmArea) =>
    (vm_flags & 1 ? "r" : "-") + (vm_flags & 2 ? "w" : "-") + (vm_flags & (1 << 13) ? "l" : "");
  return {
    ...{kernel: linked, machine, mm, at},
    ranges: (of: Mm = mm) =>
      of.mmap.map((v) => `${page(v.vm_start)}-${page(v.vm_end)} ${rights(v)}`),
    pgoffs: () => mm.mmap.map(({vm_pgoff}) => page(vm_pgoff * SIZE)),
    mmap: (a: number, b: number, prot = 3) =>
      run(linked.do_mmap(mm, at(a), b * SIZE, prot, false)),
    munmap: (a: number, b: number) => run(linked.do_munmap(mm, at(a), b * SIZE)),
    mprotect: (a: number, b: number, prot: number) =>
      run(linked.do_mprotect(mm, at(a), b * SIZE, prot)),
    mlock: (a: number, b: number) => run(linked.mlock(mm, at(a), b * SIZE)),
    munlock: (a: number, b: number) => run(linked.munlock(mm, at(a), b * SIZE)),
    madvise: (a: number, b: number, behavior: number) =>
      run(linked.do_madvise(mm, at(a), b * SIZE, behavior)),
    move: (a: number, b: number, to: number, flags = 3) =>
      run(linked.mremap(mm, at(a), b * SIZE, b * SIZE, flags, at(to))),
    resize: (a: number, b: number, c: number) =>
      run(linked.mremap(mm, at(a), b * SIZE, c * SIZE, 0, 0)),
    write: (a: number, of: Mm = mm) => run(linked.user_write(of, at(a), a + 1)),
    pmd: (i: number) => machine.memory.read(mm.pmds[i]),
  };
}

describe("a range whose rights change", () => {
  it("in the middle is three", () => {
    const p = process();
    p.mmap(0, 12);
    p.mprotect(4, 4, 1);
    expect(p.ranges()).toEqual(["0-4 rw", "4-8 r-", "8-12 rw"]);
    expect(p.pgoffs()).toEqual([0, 4, 8]);
  });

  const three = () => {
    const p = process();
    p.mmap(0, 12);
    p.write(5);
    p.mprotect(4, 4, 1);
    return p;
  };

  it("gets them back, and is one with both neighbours (case 6)", () => {
    const p = three();
    p.mprotect(4, 4, 3);
    expect(p.ranges()).toEqual(["0-12 rw"]);
    expect(p.mm.mmap[0].anon_vma?.vmas).toEqual(p.mm.mmap);
  });

  it("at its beginning: the range before reaches farther (case 5)", () => {
    const p = three();
    p.mprotect(4, 2, 3);
    expect(p.ranges()).toEqual(["0-6 rw", "6-8 r-", "8-12 rw"]);
    expect(p.pgoffs()).toEqual([0, 6, 8]);
  });

  it("at its end: the range behind begins earlier (case 4)", () => {
    const p = three();
    p.mprotect(6, 2, 3);
    expect(p.ranges()).toEqual(["0-4 rw", "4-6 r-", "6-12 rw"]);
    expect(p.pgoffs()).toEqual([0, 4, 6]);
  });

  it("as a whole, where only the range before is alike (case 7)", () => {
    const p = three();
    p.mprotect(8, 4, 0);
    p.mprotect(4, 4, 3);
    expect(p.ranges()).toEqual(["0-8 rw", "8-12 --"]);
  });

  it("as a whole, where only the range behind is alike (case 8)", () => {
    const p = three();
    p.mprotect(0, 4, 0);
    p.mprotect(4, 4, 3);
    expect(p.ranges()).toEqual(["0-4 --", "4-12 rw"]);
    expect(p.pgoffs()).toEqual([0, 4]);
  });

  it("over a hole: up to it all is changed, then -ENOMEM", () => {
    const p = process();
    p.mmap(0, 4);
    p.mmap(8, 4);
    expect(p.mprotect(0, 12, 1)).toBe(-p.kernel.ENOMEM);
    expect(p.ranges()).toEqual(["0-4 r-", "8-12 rw"]);
  });
});

it("a huge page on the move is found read-only when it is there again, if its range may not be written to any more", () => {
  const p = process();
  p.mmap(0, 4);
  p.madvise(0, 4, 14);
  p.write(0);
  const {kernel, mm, machine} = p;
  const head = kernel.pmd_page(p.pmd(0) as Pmd);
  run(kernel.lock_page(head));
  const moving = run(kernel.make_pmd_migration_entry(head, true));
  machine.memory.write(mm.pmds[0], moving);
  p.mprotect(0, 4, 1);
  expect(kernel.is_pmd_migration_entry(p.pmd(0) as Pmd)).toBe(true);
  expect(kernel.is_write_pmd_migration_entry(p.pmd(0) as Pmd)).toBe(false);
});

describe("a new range", () => {
  it("fills the hole between two that are alike (case 1)", () => {
    const p = process();
    p.mmap(0, 4);
    p.mmap(8, 4);
    p.mmap(4, 4);
    expect(p.ranges()).toEqual(["0-12 rw"]);
  });

  it("is joined to the one before (case 2), or to the one behind (case 3)", () => {
    const p = process();
    p.mmap(4, 4);
    p.mmap(8, 4);
    expect(p.ranges()).toEqual(["4-12 rw"]);
    p.mmap(0, 4);
    expect(p.ranges()).toEqual(["0-12 rw"]);
    expect(p.pgoffs()).toEqual([0]);
  });

  it("joins no two that have each got pages by themselves", () => {
    const p = process();
    p.mmap(0, 4);
    p.mmap(8, 4);
    p.write(0);
    p.write(8);
    p.mmap(4, 4);
    expect(p.ranges()).toEqual(["0-8 rw", "8-12 rw"]);
  });

  it("joins a range that was never touched to one that was, which is then its anon_vma's", () => {
    const p = process();
    p.mmap(0, 4);
    p.mmap(8, 4);
    p.write(8);
    const {anon_vma} = p.mm.mmap[1];
    p.mmap(4, 4);
    expect(p.ranges()).toEqual(["0-12 rw"]);
    expect(p.mm.mmap[0].anon_vma).toBe(anon_vma);
    expect(anon_vma!.vmas).toEqual(p.mm.mmap);
  });

  it("takes the place of what was there", () => {
    const p = process();
    p.mmap(0, 12);
    p.mprotect(0, 12, 1);
    p.mmap(4, 4);
    expect(p.ranges()).toEqual(["0-4 r-", "4-8 rw", "8-12 r-"]);
  });
});

describe("anon_vmas", () => {
  /** Two ranges, of which only the second has a page. */
  const half = () => {
    const p = process();
    p.mmap(0, 8);
    p.mprotect(0, 4, 1);
    p.write(4);
    return p;
  };

  it("a range that was never touched becomes like one that was, and is joined to it", () => {
    const p = half();
    p.mprotect(0, 4, 3);
    expect(p.ranges()).toEqual(["0-8 rw"]);
  });

  it("the other way round it is not: an empty chain is none with a single link", () => {
    const p = half();
    p.mprotect(4, 4, 1);
    expect(p.ranges()).toEqual(["0-4 r-", "4-8 r-"]);
  });

  it("two parts of one range that get pages one after the other have the same one, and can be joined", () => {
    const p = process();
    p.mmap(0, 8);
    p.mprotect(4, 4, 1);
    p.write(0);
    p.mprotect(4, 4, 3);
    p.mprotect(0, 4, 1);
    p.write(4);
    p.mprotect(0, 4, 3);
    expect(p.ranges()).toEqual(["0-8 rw"]);
  });

  it("a child has one of its own for new pages, and is in its parent's for the old", () => {
    const p = process();
    p.mmap(0, 4);
    p.write(0);
    const child = run(p.kernel.dup_mm(p.mm, "child"));
    const [[parents], [childs]] = [p.mm.mmap, child.mmap];
    expect(childs.anon_vma).not.toBe(parents.anon_vma);
    expect(childs.anon_vma!.parent).toBe(parents.anon_vma);
    expect(childs.anon_vma!.rwsem).toBe(parents.anon_vma!.rwsem);
    expect(parents.anon_vma!.vmas).toEqual([parents, childs]);
  });

  it("a grandchild takes that of a child that is gone", () => {
    const p = process();
    p.mmap(0, 4);
    p.write(0);
    const child = run(p.kernel.dup_mm(p.mm, "child"));
    const {anon_vma} = child.mmap[0];
    const grandchild = run(p.kernel.dup_mm(child, "grandchild"));
    run(p.kernel.mmput(child));
    const [vma] = run(p.kernel.dup_mm(grandchild, "its child")).mmap;
    expect(vma.anon_vma).toBe(anon_vma);
  });

  it("parts of what a child has from its parent are not joined to new memory", () => {
    const p = process();
    p.mmap(0, 4);
    p.write(0);
    const child = run(p.kernel.dup_mm(p.mm, "child"));
    run(p.kernel.do_mmap(child, p.at(4), 4 * SIZE, 3, false));
    expect(p.ranges(child)).toEqual(["0-4 rw", "4-8 rw"]);
    p.mmap(4, 4);
    expect(p.ranges()).toEqual(["0-8 rw"]);
  });
});

describe("a range that is moved", () => {
  it("is numbered anew if it was never touched, and can be joined at its new place", () => {
    const p = process();
    p.mmap(0, 4);
    p.mmap(8, 4);
    expect(p.move(0, 4, 4)).toBe(p.at(4));
    expect(p.ranges()).toEqual(["4-12 rw"]);
  });

  it("keeps its numbers if it was, and is joined only where they fit", () => {
    const p = process();
    p.mmap(0, 4);
    p.mmap(8, 4);
    p.write(0);
    p.move(0, 4, 4);
    expect(p.ranges()).toEqual(["4-8 rw", "8-12 rw"]);
    expect(p.pgoffs()).toEqual([0, 8]);
    p.move(4, 4, 12);
    p.mmap(0, 16);
    p.write(1);
    p.move(0, 4, 16);
    p.move(16, 4, 0);
    expect(p.ranges()).toEqual(["0-16 rw"]);
  });

  it("into its own neighbourhood swallows the range that it comes from", () => {
    const p = process();
    p.mmap(4, 8);
    expect(p.move(4, 4, 12)).toBe(p.at(12));
    expect(p.ranges()).toEqual(["8-16 rw"]);
    expect(p.pgoffs()).toEqual([8]);
  });

  it("with its huge page, or with its whole table, if both places are aligned", () => {
    const p = process();
    p.mmap(0, 8);
    p.madvise(0, 4, 14);
    p.write(0);
    p.write(5);
    const before = [p.pmd(0), p.pmd(1)];
    p.move(0, 4, 8);
    p.move(4, 4, 12);
    expect([2, 3].map(p.pmd)).toEqual(before);
    expect(p.kernel.node().vm_stat.get("thp_split_pmd")).toBeUndefined();
  });

  it("elsewhere by its entries: the huge page stays one, and lies across two tables", () => {
    const p = process();
    p.mmap(0, 4);
    p.madvise(0, 4, 14);
    p.write(0);
    p.move(0, 4, 10);
    expect(p.kernel.node().vm_stat.get("thp_split_pmd")).toBe(1);
    expect(run(p.kernel.user_read(p.mm, p.at(10)))).toBe(1);
    run(p.kernel.split_huge_pages_pid(p.mm, p.at(10), p.at(14)));
    expect(p.kernel.node().vm_stat.get("thp_split_page")).toBe(1);
    expect(run(p.kernel.user_read(p.mm, p.at(10)))).toBe(1);
  });

  it("and leaves an empty one behind (MREMAP_DONTUNMAP), which is not to be kept in memory any more", () => {
    const p = process();
    p.mmap(0, 4);
    p.mlock(0, 4);
    p.move(0, 4, 8, 7);
    expect(p.ranges()).toEqual(["0-4 rw", "8-12 rwl"]);
    expect(p.mm.mmap[0].anon_vma).toBeNull();
  });

  it("is refused: over itself, beyond the end, from a hole, from two ranges", () => {
    const p = process();
    p.mmap(0, 8);
    p.mprotect(4, 4, 1);
    const {EINVAL, EFAULT} = p.kernel;
    expect(p.move(0, 4, 2)).toBe(-EINVAL);
    expect(p.move(0, 4, 18)).toBe(-EINVAL);
    expect(p.move(8, 4, 12)).toBe(-EFAULT);
    expect(p.move(0, 8, 12)).toBe(-EFAULT);
    expect(p.move(0, 4, 12, 2)).toBe(-EINVAL);
    expect(run(p.kernel.mremap(p.mm, p.at(0), SIZE, 2 * SIZE, 7, p.at(12)))).toBe(-EINVAL);
    expect(run(p.kernel.mremap(p.mm, p.at(0) + 1, SIZE, SIZE, 3, p.at(12)))).toBe(-EINVAL);
  });
});

describe("a range that is to be larger or smaller", () => {
  it("grows into free room, and into nobody else's", () => {
    const p = process();
    p.mmap(0, 4);
    p.mmap(10, 2, 1);
    expect(p.resize(0, 4, 8)).toBe(p.at(0));
    expect(p.ranges()).toEqual(["0-8 rw", "10-12 r-"]);
    expect(p.resize(0, 8, 11)).toBe(-p.kernel.ENOMEM);
    expect(p.resize(0, 4, 5)).toBe(-p.kernel.ENOMEM);
    expect(p.resize(12, 4, 5)).toBe(-p.kernel.EFAULT);
  });

  it("loses its end, and with it a part of its huge page", () => {
    const p = process();
    p.mmap(0, 8);
    p.madvise(0, 8, 14);
    p.write(4);
    expect(p.resize(0, 8, 6)).toBe(p.at(0));
    expect(p.ranges()).toEqual(["0-6 rw"]);
    expect(p.kernel.node().vm_stat.get("thp_split_pmd")).toBe(1);
  });

  it("which is all the same where there is none", () => {
    const p = process();
    expect(p.resize(0, 4, 2)).toBe(p.at(0));
  });

  it("has its new pages at once, if it is kept in memory", () => {
    const p = process();
    p.mmap(0, 4);
    p.mlock(0, 4);
    p.resize(0, 4, 6);
    expect(p.ranges()).toEqual(["0-6 rwl"]);
    expect(p.kernel.node().vm_stat.get("unevictable_pgs_mlocked")).toBe(6);
  });
});

describe("tables", () => {
  it("are freed with the last range that they were for", () => {
    const p = process();
    p.mmap(0, 8);
    p.write(1);
    p.write(5);
    p.munmap(0, 2);
    expect(p.pmd(0)).not.toBe(0);
    p.munmap(2, 1);
    expect(p.pmd(0)).not.toBe(0);
    p.munmap(3, 3);
    expect(p.pmd(0)).toBe(0);
    expect(p.pmd(1)).not.toBe(0);
  });
});

describe("mlock and advice", () => {
  it("part ranges, and join them again", () => {
    const p = process();
    p.mmap(0, 12);
    p.write(0);
    p.mlock(4, 4);
    expect(p.ranges()).toEqual(["0-4 rw", "4-8 rwl", "8-12 rw"]);
    p.munlock(0, 12);
    expect(p.ranges()).toEqual(["0-12 rw"]);
    p.madvise(0, 4, 14);
    p.madvise(4, 8, 14);
    expect(p.ranges()).toEqual(["0-12 rw"]);
  });

  it("tell of holes: mlock stops there, advice goes on", () => {
    const p = process();
    p.mmap(0, 4);
    p.mmap(8, 4);
    const {ENOMEM, VM_HUGEPAGE} = p.kernel;
    expect(p.mlock(0, 12)).toBe(-ENOMEM);
    expect(p.ranges()).toEqual(["0-4 rwl", "8-12 rw"]);
    expect(p.madvise(0, 12, 14)).toBe(-ENOMEM);
    expect(p.mm.mmap.every(({vm_flags}) => vm_flags & VM_HUGEPAGE)).toBe(true);
  });

  it("what nobody may touch cannot be filled", () => {
    const p = process();
    p.mmap(0, 4);
    p.mprotect(0, 4, 0);
    expect(p.mlock(0, 4)).toBe(-p.kernel.ENOMEM);
    expect(p.ranges()).toEqual(["0-4 --l"]);
    expect(p.madvise(0, 4, 22)).toBe(-p.kernel.EINVAL);
  });

  it("advice that is unknown, or not for a page's beginning, or for memory that must stay", () => {
    const p = process();
    p.mmap(0, 4);
    const {EINVAL} = p.kernel;
    expect(p.madvise(0, 4, 25)).toBe(-EINVAL);
    expect(run(p.kernel.do_madvise(p.mm, p.at(0) + 1, SIZE, 14))).toBe(-EINVAL);
    p.mlock(0, 4);
    expect([4, 8, 20, 21].map((behavior) => p.madvise(0, 4, behavior))).toEqual(
      Array(4).fill(-EINVAL),
    );
  });

  it("shared memory is not to be wiped, and not to be freed", () => {
    const p = process();
    run(p.kernel.do_mmap(p.mm, p.at(0), 4 * SIZE, 3, true));
    expect([18, 8].map((behavior) => p.madvise(0, 4, behavior))).toEqual(
      Array(2).fill(-p.kernel.EINVAL),
    );
  });
});

it("as many parts as on x86-64: a border inside a huge page splits its PMD, one at its end does not", () => {
  const p = process(512);
  p.mmap(0, 1024);
  p.madvise(0, 1024, 14);
  p.write(0);
  p.write(600);
  p.mprotect(0, 512, 1);
  expect(p.kernel.node().vm_stat.get("thp_split_pmd")).toBeUndefined();
  p.mprotect(0, 600, 1);
  expect(p.kernel.node().vm_stat.get("thp_split_pmd")).toBe(1);
  expect(p.ranges()).toEqual(["0-600 r-", "600-1024 rw"]);
});
