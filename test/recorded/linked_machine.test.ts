// The recorded machine: what it begins with, and that it does the same with stars as without.

import {expect, it} from "vitest";
import {answered} from "../../src/livepatch/index.ts";
import {LinkedMachine, RECORDED} from "../../src/recorded/linked_machine.ts";
import {run_alone, type Op} from "../../src/sim/index.ts";
import {v5_13, type Linked} from "../support.ts";

it("begins with a parent that has mapped nothing, and frames of two nodes, of which the huge zero page has some", () => {
  const machine = new LinkedMachine(v5_13);
  expect(machine.observe()).toEqual({parent: {vmas: [], pages: {flags: {}}}});
  const kernel = machine.kernel as unknown as Linked;
  const pages = [0, 1].map((nid) => machine.run(kernel.alloc_page(nid))!);
  expect(pages.map((page) => kernel.page_to_nid(page))).toEqual([0, 1]);
  expect(pages.map(({name}) => name)).toEqual(["page[512]", `page[${RECORDED.nodes![0]}]`]);
});

it("a frame goes back to the node that it came from", () => {
  const machine = new LinkedMachine(v5_13);
  const kernel = machine.kernel as unknown as Linked;
  const page = machine.run(kernel.alloc_page(1))!;
  machine.run(kernel.put_page(page));
  expect(machine.run(kernel.alloc_page(0))!.name).toBe("page[512]");
  expect(machine.run(kernel.alloc_page(1))).toBe(page);
});

it("does not know what is no operation of its own", () => {
  const op = {proc: "parent", name: "madv_collapse_later", a: 0, b: 0, c: 0} as const;
  expect(new LinkedMachine(v5_13).do(op)).toBe("unsupported");
});

type Run = <T>(computation: Op<T>) => T;

/** Two processes with a huge page, of which one part is written to by the child. */
function story(kernel: Linked, run: Run): string {
  kernel.mem_init();
  const anon_vma = kernel.anon_vma_alloc();
  const [parent, child] = ["parent", "child"].map((name) => kernel.mm_alloc(name, anon_vma));
  for (const mm of [parent, child])
    mm.mmap[0].vm_flags |= kernel.VM_HUGEPAGE | kernel.VM_MAYWRITE;
  run(kernel.user_write(parent, kernel.TASK_START, 1));
  run(kernel.copy_page_range(child.mmap[0], parent.mmap[0]));
  run(kernel.user_write(child, kernel.TASK_START + kernel.PAGE_SIZE, 2));
  return run(kernel.pid_smaps_read(child));
}

it("with stars and without, the same text does the same", () => {
  const small = {...RECORDED, pages: 8, nodes: [64]};
  const starred = v5_13.boot(small);
  const run: Run = (computation) => run_alone(computation, starred.machine);
  const said = story(starred.kernel as unknown as Linked, run);
  const bare = v5_13.bootAlone(small);
  expect(story(bare.kernel as unknown as Linked, answered)).toBe(said);
  expect(said).toContain("Private_Dirty:         4 kB");
  expect(bare.machine.memory.halves).toEqual(starred.machine.memory.halves);
});
