// What /proc says of a quiet machine, held against what a real kernel said in evidence/traces-5.14.2-public.json.

import {describe, expect, it} from "vitest";
import type {Mm, VmArea} from "../../src/mm/index.ts";
import {LinkedMachine} from "../../src/recorded/linked_machine.ts";
import type {ProcessName} from "../../src/recorded/index.ts";
import {v5_13, type Linked} from "../support.ts";

const MAY = 0x70;

/** The recorded machine, and ranges without mmap(). */
function quiet() {
  const machine = new LinkedMachine(v5_13);
  const kernel = machine.kernel as unknown as Linked;
  const address = (page: number) => kernel.TASK_START + page * kernel.PAGE_SIZE;
  const map = (from: number, to: number, vm_flags: number): VmArea => {
    const vma: VmArea = {
      address: machine.machine.memory.allocate(32),
      vm_mm: machine.process("parent"),
      vm_start: address(from),
      vm_end: address(to),
      vm_flags: kernel.VM_READ | kernel.VM_WRITE | kernel.VM_ACCOUNT | MAY | vm_flags,
      vm_pgoff: address(from) / kernel.PAGE_SIZE,
      anon_vma: null,
      anon_vma_chain: [],
      vm_file: null,
    };
    machine.process("parent").mmap.push(vma);
    return vma;
  };
  return {machine, kernel, map};
}

type Quiet = ReturnType<typeof quiet>;

const write = ({machine}: Quiet, page: number, n = 1) =>
  machine.do({proc: "parent", name: "write", a: page, b: n, c: 0});
const read = ({machine}: Quiet, page: number, n = 1) =>
  machine.do({proc: "parent", name: "read", a: page, b: n, c: 0});

/** A child that maps what the range maps: dup_mmap() without all that it does besides. */
function fork({machine, kernel}: Quiet, name: ProcessName, parent: VmArea): Mm {
  const mm = kernel.mm_init(name);
  const child = {...parent, address: machine.machine.memory.allocate(32), vm_mm: mm};
  mm.mmap.push(child);
  parent.anon_vma?.vmas.push(child);
  machine.run(kernel.copy_page_range(child, parent));
  machine.processes.set(name, mm);
  return mm;
}

const smaps = ({machine}: Quiet, process: ProcessName = "parent") =>
  machine.run(machine.kernel.pid_smaps_read(machine.process(process)));

/** The lines of smaps that are not 0, without what every VMA has. */
const sizes = (all: Quiet, process: ProcessName = "parent") =>
  all.machine.observe()[process]!.vmas.map(({from, to, perms, VmFlags, ...fields}) => {
    const kept = Object.entries(fields).filter(
      ([name, value]) => value !== 0 && !/Size$|^THP/.test(name),
    );
    expect([from < Number(to), perms, VmFlags.slice(0, 5)]).toEqual([true, "rw-p", "rd wr"]);
    return Object.fromEntries(kept);
  });

describe("smaps", () => {
  it("prints a huge page byte for byte", () => {
    const all = quiet();
    all.map(0, 512, all.kernel.VM_HUGEPAGE);
    write(all, 0);
    expect(smaps(all)).toBe(`20000000-20200000 rw-p 00000000 00:00 0 
Size:               2048 kB
KernelPageSize:        4 kB
MMUPageSize:           4 kB
Rss:                2048 kB
Pss:                2048 kB
Shared_Clean:          0 kB
Shared_Dirty:          0 kB
Private_Clean:         0 kB
Private_Dirty:      2048 kB
Referenced:         2048 kB
Anonymous:          2048 kB
LazyFree:              0 kB
AnonHugePages:      2048 kB
ShmemPmdMapped:        0 kB
FilePmdMapped:         0 kB
Shared_Hugetlb:        0 kB
Private_Hugetlb:       0 kB
Swap:                  0 kB
SwapPss:               0 kB
Locked:                0 kB
THPeligible:    1
ProtectionKey:         0
VmFlags: rd wr mr mw me ac hg 
`);
  });

  it("says what is shared by two and by three, each page rounded by itself", () => {
    const all = quiet();
    const vma = all.map(0, 512, all.kernel.VM_HUGEPAGE);
    write(all, 0, 512);
    fork(all, "child1", vma);
    const shared = {Rss: 2048, Shared_Dirty: 2048, Anonymous: 2048, AnonHugePages: 2048};
    expect(sizes(all)).toEqual([{...shared, Pss: 1024, Referenced: 2048}]);
    fork(all, "child2", vma);
    expect(sizes(all)[0].Pss).toBe(682);
    expect(sizes(all, "child2")[0].Pss).toBe(682);
  });

  it("does not count pages of zeros, small or huge", () => {
    const all = quiet();
    all.map(0, 512, all.kernel.VM_HUGEPAGE);
    all.map(512, 1024, all.kernel.VM_NOHUGEPAGE);
    read(all, 0);
    read(all, 519, 2);
    expect(sizes(all)).toEqual([{}, {}]);
    write(all, 9);
    const one = {Rss: 4, Pss: 4, Private_Dirty: 4, Referenced: 4, Anonymous: 4};
    expect(sizes(all)).toEqual([one, {}]);
  });

  it("says how much of Pss is locked", () => {
    const all = quiet();
    const vma = all.map(0, 512, all.kernel.VM_HUGEPAGE | all.kernel.VM_LOCKED);
    write(all, 0);
    expect(sizes(all)[0].Locked).toBe(2048);
    fork(all, "child1", vma);
    expect(sizes(all)[0].Locked).toBe(1024);
  });

  it("tells which ranges might have huge pages", () => {
    const all = quiet();
    const {VM_HUGEPAGE, VM_NOHUGEPAGE} = all.kernel;
    all.map(0, 528, VM_HUGEPAGE);
    all.map(528, 1024, VM_HUGEPAGE);
    all.map(1024, 1536, VM_NOHUGEPAGE);
    all.map(1536, 2048, 0);
    const eligible = () =>
      all.machine.observe().parent!.vmas.map(({THPeligible}) => THPeligible);
    expect(eligible()).toEqual([1, 0, 0, 0]);
    all.machine.process("parent").flags |= all.kernel.MMF_DISABLE_THP;
    expect(eligible()).toEqual([0, 0, 0, 0]);
  });

  it("has two letters for each flag, and two question marks for those without", () => {
    const {kernel} = quiet();
    const letters = (vm_flags: number) =>
      kernel.show_smap_vma_flags({vm_flags} as unknown as VmArea);
    const {VM_LOCKED, VM_LOCKONFAULT, VM_ACCOUNT, VM_SOFTDIRTY, VM_SHARED, VM_MAYSHARE} =
      kernel;
    expect(letters(3 | MAY | VM_LOCKED | VM_LOCKONFAULT | VM_ACCOUNT | VM_SOFTDIRTY)).toBe(
      "VmFlags: rd wr mr mw me lo ?? ac ",
    );
    expect(letters(3 | MAY | VM_SHARED | VM_MAYSHARE)).toBe("VmFlags: rd wr sh mr mw me ms ");
  });

  it("names the file of shared memory where names of files stand", () => {
    const {kernel} = quiet();
    const vma = {vm_start: 0x2000_0000, vm_end: 0x2004_0000, vm_flags: 0x8b, vm_pgoff: 1};
    const line = kernel.show_map_vma({...vma, vm_file: {}} as unknown as VmArea);
    expect(line).toBe(
      `${"20000000-20040000 rw-s 00001000 00:01 1".padEnd(73)}/dev/zero (deleted)`,
    );
  });
});

describe("pagemap, kpagecount and kpageflags", () => {
  it("say of the huge zero page that it is there, and mapped by nobody", () => {
    const all = quiet();
    all.map(0, 512, all.kernel.VM_HUGEPAGE);
    read(all, 0);
    const huge = {
      present: [[0, 512]],
      mapcount: [[0, 512, 0]],
      gen: [[0, 512, 1]],
      compound: [[0, 512, 0]],
      flags: {
        COMPOUND_HEAD: [[0, 1]],
        COMPOUND_TAIL: [[1, 511]],
        THP: [[0, 512]],
        ZERO_PAGE: [[0, 512]],
      },
    };
    expect(all.machine.observe().parent!.pages).toEqual(huge);
    write(all, 9);
    expect(all.machine.observe().parent!.pages).toEqual({
      present: [[0, 512]],
      exclusive: [[9, 1]],
      mapcount: [
        [0, 9, 0],
        [9, 1, 1],
        [10, 502, 0],
      ],
      gen: [[0, 512, 2]],
      flags: {
        UPTODATE: [[9, 1]],
        LRU: [[9, 1]],
        MMAP: [[9, 1]],
        ANON: [[9, 1]],
        SWAPBACKED: [[9, 1]],
        ZERO_PAGE: [
          [0, 9],
          [10, 502],
        ],
        RESERVED: [
          [0, 9],
          [10, 502],
        ],
      },
    });
  });

  it("say of a huge page what its head says, and of a mapcount what each part says", () => {
    const all = quiet();
    const vma = all.map(0, 512, all.kernel.VM_HUGEPAGE);
    write(all, 0);
    fork(all, "child1", vma);
    all.machine.run(
      all.kernel.split_huge_pmd(all.machine.process("child1").mmap[0], all.kernel.TASK_START),
    );
    const {child1} = all.machine.observe();
    expect(child1!.pages).toEqual({
      present: [[0, 512]],
      mapcount: [[0, 512, 2]],
      gen: [[0, 512, 1]],
      compound: [[0, 512, 0]],
      sameFrameAsParent: [[0, 512]],
      flags: {
        UPTODATE: [[0, 1]],
        LRU: [[0, 1]],
        DIRTY: [[0, 1]],
        MMAP: [[0, 512]],
        ANON: [[0, 512]],
        SWAPBACKED: [[0, 1]],
        COMPOUND_HEAD: [[0, 1]],
        COMPOUND_TAIL: [[1, 511]],
        THP: [[0, 512]],
      },
    });
  });

  it("free pages are a buddy's, and counted by nobody", () => {
    const {machine, kernel} = quiet();
    // Behind the huge zero page.
    const pfn = kernel.FIRST_PFN + kernel.hpage_pmd_nr() + 7;
    expect(machine.run(kernel.kpageflags_read(pfn, 2))).toEqual([1024, 1024]);
    expect(machine.run(kernel.kpagecount_read(pfn, 2))).toEqual([0, 0]);
  });

  it("a swap entry has a type and a place", () => {
    const {kernel} = quiet();
    const entry = (33 << 12) as never;
    expect(kernel.pagemap_entry_without_page(entry)).toMatchObject({
      state: "swap",
      frame: 0,
      offset: 33,
      exclusive: false,
    });
  });
});

describe("clear_refs", () => {
  const clear = ({machine}: Quiet, c: number) =>
    machine.do({proc: "parent", name: "clear_refs", a: 0, b: 0, c});

  it("1 forgets that pages were used, small and huge ones, and that is all", () => {
    const all = quiet();
    all.map(0, 512, all.kernel.VM_HUGEPAGE);
    all.map(512, 576, 0);
    write(all, 0);
    write(all, 512, 2);
    const [{Referenced: huge}, {Referenced: small}] = sizes(all);
    expect([huge, small]).toEqual([2048, 8]);
    const before = sizes(all);
    expect(clear(all, 1)).toEqual({ret: 0, err: "0"});
    expect(sizes(all)).toEqual(
      before.map(({Referenced, ...rest}) => (expect(Referenced).toBeGreaterThan(0), rest)),
    );
    read(all, 513);
    expect(sizes(all).map(({Referenced}) => Referenced)).toEqual([undefined, 4]);
  });

  it.each([2, 3, 4, 5])("%i touches anonymous memory only if it is 2", (type) => {
    const all = quiet();
    all.map(0, 4, 0);
    write(all, 0);
    expect(clear(all, type)).toEqual({ret: 0, err: "0"});
    expect(sizes(all)[0].Referenced).toBe(type === 2 ? undefined : 4);
  });

  it.each([-1, 0, 6])("%i is no number for it", (type) =>
    expect(clear(quiet(), type)).toEqual({ret: -1, err: "EINVAL"}),
  );
});
