// Faults and fork() with nobody else there: what is mapped afterwards, how often it counts, and what is read there.

import {describe, expect, it} from "vitest";
import type {Mm, Page, Pmd, Pte, VmArea} from "../../src/mm/index.ts";
import {scene, type Scene} from "../support.ts";

const MAY = 0x70;

/** A machine with system calls and a process with one empty range of two huge pages. */
function quiet(vm_flags: number) {
  const all = scene({pages: 4, syscalls: true, pmds: 2, spares: 40});
  const {kernel} = all;
  const process = (name: string): {mm: Mm; vma: VmArea} => {
    const mm = kernel.mm_init(name);
    const vma: VmArea = {
      address: all.machine.memory.allocate(32),
      vm_mm: mm,
      vm_start: kernel.TASK_START,
      vm_end: kernel.TASK_START + 2 * kernel.hpage_pmd_size(),
      vm_flags: kernel.VM_READ | kernel.VM_WRITE | MAY | vm_flags,
      vm_pgoff: kernel.TASK_START / kernel.PAGE_SIZE,
      anon_vma: null,
      anon_vma_chain: [],
      vm_file: null,
    };
    mm.mmap.push(vma);
    return {mm, vma};
  };
  return {...all, process};
}

function use({kernel, run}: Scene, mm: Mm, index: number, write: boolean): boolean {
  const address = kernel.TASK_START + index * kernel.PAGE_SIZE;
  return run(kernel.do_user_addr_fault(mm, address, write));
}

/** What a page of the process is, and whether it may write to it. */
function mapped({kernel, machine: {memory}}: Scene, mm: Mm, index: number) {
  const pmd = memory.read(mm.pmds[Math.floor(index / 4)]) as Pmd;
  if (kernel.pmd_trans_huge(pmd))
    return {page: kernel.nth_page(kernel.pmd_page(pmd), index % 4), rw: kernel.pmd_write(pmd)};
  const pte = memory.read(kernel.pmd_table(pmd).pte[index % 4]) as Pte;
  return kernel.pte_present(pte)
    ? {page: kernel.pte_page(pte), rw: kernel.pte_write(pte)}
    : null;
}

function forked(all: ReturnType<typeof quiet>, parent: VmArea) {
  const child = all.process("child");
  child.vma.anon_vma = parent.anon_vma;
  parent.anon_vma?.vmas.push(child.vma);
  all.run(all.kernel.copy_page_range(child.vma, parent));
  return child;
}

function counts({machine: {memory}, kernel, run}: Scene, page: Page) {
  const head = run(kernel.compound_head(page));
  return [memory.read(head._refcount), run(kernel.page_mapcount(page))];
}

describe("a range of small pages", () => {
  it("reads the zero page, and gets a page of its own when it is written to", () => {
    const all = quiet(0);
    const {mm} = all.process("mm");
    use(all, mm, 5, false);
    expect(mapped(all, mm, 5)).toEqual({page: all.kernel.ZERO_PAGE(), rw: false});
    use(all, mm, 5, true);
    const {page, rw} = mapped(all, mm, 5)!;
    expect(page).not.toBe(all.kernel.ZERO_PAGE());
    expect([rw, ...counts(all, page)]).toEqual([true, 1, 1]);
  });

  it("forked: who writes first gets a copy, who writes last keeps the page", () => {
    const all = quiet(0);
    const {
      kernel,
      machine: {memory},
    } = all;
    const {mm, vma} = all.process("mm");
    use(all, mm, 1, true);
    const {page} = mapped(all, mm, 1)!;
    memory.write(kernel.page_address(page), 7);
    const child = forked(all, vma);
    expect(counts(all, page)).toEqual([2, 2]);
    use(all, child.mm, 1, true);
    const copy = mapped(all, child.mm, 1)!;
    expect(copy.page).not.toBe(page);
    expect(memory.read(kernel.page_address(copy.page))).toBe(7);
    expect(counts(all, page)).toEqual([1, 1]);
    use(all, mm, 1, true);
    expect(mapped(all, mm, 1)).toEqual({page, rw: true});
  });

  it("that may not be written to, or is not there, is a SIGSEGV", () => {
    const all = quiet(0);
    const {mm, vma} = all.process("mm");
    vma.vm_flags &= ~all.kernel.VM_WRITE;
    expect(use(all, mm, 1, true)).toBe(false);
    expect(use(all, mm, 1, false)).toBe(true);
    expect(use(all, mm, 8, false)).toBe(false);
  });
});

describe("a range that huge pages were asked for", () => {
  it("is one huge page after one write, and counts it", () => {
    const all = quiet(1 << 29);
    const {mm} = all.process("mm");
    use(all, mm, 6, true);
    const {page, rw} = mapped(all, mm, 4)!;
    expect([rw, ...counts(all, page)]).toEqual([true, 1, 1]);
    expect(all.kernel.node().vm_stat.get("thp_fault_alloc")).toBe(1);
  });

  it("reads the huge zero page; a write splits it, and gives one page only", () => {
    const all = quiet(1 << 29);
    const {mm} = all.process("mm");
    use(all, mm, 0, false);
    expect(all.run(all.kernel.page_mapcount(mapped(all, mm, 3)!.page))).toBe(0);
    use(all, mm, 2, true);
    expect([0, 1, 3].map((i) => mapped(all, mm, i)!.page)).toEqual(
      Array(3).fill(all.kernel.ZERO_PAGE()),
    );
    expect(counts(all, mapped(all, mm, 2)!.page)).toEqual([1, 1]);
  });

  it("forked: a write splits the PMD of who writes and copies one part, never to be taken back", () => {
    const all = quiet(1 << 29);
    const {mm, vma} = all.process("mm");
    use(all, mm, 0, true);
    const {page: head} = mapped(all, mm, 0)!;
    const child = forked(all, vma);
    expect(counts(all, head)).toEqual([2, 2]);
    use(all, child.mm, 1, true);
    expect(mapped(all, child.mm, 1)!.page).not.toBe(all.kernel.nth_page(head, 1));
    expect([0, 1, 2].map((i) => counts(all, all.kernel.nth_page(head, i))[1])).toEqual([
      2, 1, 2,
    ]);

    const {vm_start, vm_end} = child.vma;
    all.run(all.kernel.zap_page_range(child.vma, vm_start, vm_end - vm_start));
    expect(counts(all, head)).toEqual([1, 1]);
    use(all, mm, 1, true);
    expect(mapped(all, mm, 1)).toEqual({page: all.kernel.nth_page(head, 1), rw: true});
  });

  it("given back as a whole, is free again", () => {
    const all = quiet(1 << 29);
    const {mm, vma} = all.process("mm");
    const huge = () => all.kernel.node().vm_stat.get("nr_anon_transparent_hugepages");
    const before = huge();
    use(all, mm, 0, true);
    expect(huge()).toBe(before! + 1);
    const {page} = mapped(all, mm, 0)!;
    all.run(all.kernel.zap_page_range(vma, vma.vm_start, vma.vm_end - vma.vm_start));
    expect(all.machine.memory.read(page._mapcount)).toBe(all.kernel.PAGE_TYPE_BUDDY);
    expect(huge()).toBe(before);
  });
});
