import {sources} from "virtual:kernel-source";
import {expect, it} from "vitest";
import {link} from "../../src/livepatch/index.ts";
import {LinkedMachine} from "../../src/recorded/linked_machine.ts";
import type {Linked} from "../support.ts";

const linked = link(sources);

it("a machine that was recorded boots at once, with a parent that has mapped nothing", () => {
  new LinkedMachine(linked);
  const start = performance.now();
  const machine = new LinkedMachine(linked);
  console.log("boot ms", performance.now() - start);
  expect(machine.observe()).toEqual({parent: {vmas: [], pages: {flags: {}}}});
});

function range(kernel: Linked, mm: any, pages: number, flags: number, anon_vma: any) {
  const vma = {
    address: mm.address + 1e6 + mm.mmap.length,
    vm_mm: mm,
    vm_start: kernel.TASK_START,
    vm_end: kernel.TASK_START + pages * 4096,
    vm_flags: flags,
    vm_pgoff: kernel.TASK_START / 4096,
    anon_vma,
    anon_vma_chain: [anon_vma],
    vm_file: null,
  };
  mm.mmap.push(vma);
  anon_vma.vmas.push(vma);
  return vma;
}

it("speed", () => {
  const m = new LinkedMachine(linked);
  const kernel = m.kernel as unknown as Linked;
  const anon_vma = kernel.anon_vma_alloc();
  m.processes.set("child1", kernel.mm_init("child1"));
  m.processes.set("child2", kernel.mm_init("child2"));
  const [a, b, c] = [...m.processes.values()].map((mm) => range(kernel, mm, 1536, 0x73 | (1 << 29), anon_vma));
  for (let i = 0; i < 3; i++) {
    const at = kernel.TASK_START + i * 512 * 4096;
    const page = m.run(kernel.alloc_transhuge_page())!;
    m.run(kernel.prep_transhuge_page(page));
    m.run(kernel.__do_huge_pmd_anonymous_page(a, at, page, kernel.pte_alloc_one("parent")));
    m.run(kernel.copy_huge_pmd(b, a, at, kernel.pte_alloc_one("c1")));
    m.run(kernel.copy_huge_pmd(c, a, at, kernel.pte_alloc_one("c2")));
  }
  for (let k = 0; k < 3; k++) {
    const start = performance.now();
    m.observe();
    console.log("observe ms (huge)", performance.now() - start);
  }
  console.log(m.run(m.kernel.pid_smaps_read(m.process("child1"))));
  for (const v of [a, b, c]) for (let i = 0; i < 3; i++) m.run(kernel.split_huge_pmd(v, kernel.TASK_START + i * 512 * 4096));
  for (let k = 0; k < 3; k++) {
    const start = performance.now();
    m.observe();
    console.log("observe ms (small)", performance.now() - start);
  }
  const start = performance.now();
  for (const mm of m.processes.values()) m.run(m.kernel.pid_smaps_read(mm));
  console.log("  smaps", performance.now() - start);
  const s2 = performance.now();
  for (const mm of m.processes.values()) m.run(m.kernel.pagemap_read(mm));
  console.log("  pagemap", performance.now() - s2);
  const s3 = performance.now();
  for (let i = 0; i < 1536; i++) m.run(m.kernel.kpageflags_read(0x400 + i, 1));
  console.log("  kpageflags", performance.now() - s3);
  const s4 = performance.now();
  for (let i = 0; i < 1536; i++) m.run(m.kernel.kpagecount_read(0x400 + i, 1));
  console.log("  kpagecount", performance.now() - s4);
  console.log(JSON.stringify(m.observe().child1));
});
