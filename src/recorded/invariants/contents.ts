// What a process may find in its memory: beside the machine runs a second one that knows nothing of page tables, only what was written where. A
// copy that should have been made, or should not, shows here.
//
// For each page of a process it keeps what may be in it. That is one value, but after MADV_FREE: then it may also be 0 by now.
// Ranges are the machine's: where they are and what they allow is looked up there.

import type {Mm, VmArea} from "../../mm/index.ts";
import type {LinkedMachine} from "../linked_machine.ts";
import type {Done, Op, ProcessName} from "../trace.ts";
import {says} from "./pages.ts";
import {tablesOf, type Entry} from "./tables.ts";

/** A page of memory that processes share. */
type Shared = {readonly object: Map<number, number>; readonly index: number};

type Page = {readonly may_be: readonly number[]} | Shared;

/** By number of the page: what is not there is empty. */
type Memory = Map<number, Page>;

export class Contents {
  private readonly machine: LinkedMachine;
  private readonly memories = new Map<ProcessName, Memory>([["parent", new Map()]]);

  constructor(machine: LinkedMachine) {
    this.machine = machine;
  }

  /** To be called before the operation is done; what is answered, after it. */
  expecting(op: Op): (done: Done) => void {
    const follow = FOLLOWED[op.name];
    const mm = this.machine.processes.get(op.name === "fork" ? "parent" : op.proc);
    const vmas = mm?.mmap.map((vma) => ({...vma})) ?? [];
    return (done) => {
      follow?.({op, done, vmas, contents: this});
      this.forgetUnmapped();
    };
  }

  /** What is not as it should be. */
  check(): string[] {
    return [...this.machine.processes].flatMap(([name, mm]) => this.checkProcess(name, mm));
  }

  memory(process: ProcessName): Memory {
    const known = this.memories.get(process) ?? new Map<number, Page>();
    this.memories.set(process, known);
    return known;
  }

  /** In pages of the arena. */
  page(address: number): number {
    const {TASK_START, PAGE_SIZE} = this.machine.kernel;
    return (address - TASK_START) / PAGE_SIZE;
  }

  /** What `process` finds from now on. */
  write(process: ProcessName, page: number, value: number): void {
    const memory = this.memory(process);
    const there = memory.get(page);
    if (there && "object" in there) there.object.set(there.index, value);
    else memory.set(page, {may_be: [value]});
  }

  /** The first range of these that has the page. */
  rangeOf(vmas: readonly VmArea[], page: number): VmArea | null {
    const address = this.machine.address(page);
    return vmas.find((vma) => vma.vm_start <= address && address < vma.vm_end) ?? null;
  }

  get kernel() {
    return this.machine.kernel;
  }

  written(page: number): number {
    return this.machine.contents(page);
  }

  childsRanges(): readonly VmArea[] {
    return this.machine.process("child1").mmap;
  }

  private forgetUnmapped(): void {
    for (const [process, memory] of this.memories) {
      const vmas = this.machine.processes.get(process)?.mmap;
      if (!vmas) this.memories.delete(process);
      for (const page of memory.keys()) {
        if (!vmas || this.rangeOf(vmas, page) === null) memory.delete(page);
      }
    }
  }

  private checkProcess(process: ProcessName, mm: Mm): string[] {
    const memory = this.memory(process);
    const {entries} = tablesOf(this.machine, process, mm);
    const found = new Map(entries.flatMap((entry) => this.contentsBelow(entry)));
    const pages = mm.mmap.flatMap(({vm_start, vm_end}) =>
      Array.from(
        {length: this.page(vm_end) - this.page(vm_start)},
        (_, i) => this.page(vm_start) + i,
      ),
    );
    return pages.flatMap((page) => this.checkPage(process, memory, page, found.get(page)));
  }

  private checkPage(
    process: ProcessName,
    memory: Memory,
    page: number,
    found: number | undefined,
  ) {
    const known = memory.get(page);
    if (known && "object" in known) {
      const expected = known.object.get(known.index) ?? 0;
      // What is not mapped the object still has.
      return says(
        found !== undefined && found !== expected,
        `${process}'s page ${page}, which is shared, has ${found}: ${expected} was written to it`,
      );
    }
    const {may_be} = known ?? {may_be: [0]};
    // What was dropped does not come back.
    if (may_be.length > 1 && (found ?? 0) === 0) memory.delete(page);
    return says(
      !may_be.includes(found ?? 0),
      `${process}'s page ${page} has ${found ?? 0}: it should be ${may_be.join(" or ")}`,
    );
  }

  /** By page, what is in memory or in swap space for an entry. */
  private contentsBelow(entry: Entry): [page: number, contents: number][] {
    const {kernel, machine} = this.machine;
    const {memory, pages} = machine;
    const first = this.page(entry.address);
    switch (entry.kind) {
      case "pte":
        return [[first, memory.read(kernel.page_address(entry.page))]];
      case "pmd":
        return Array.from({length: pages}, (_, i) => [
          first + i,
          memory.read(kernel.page_address(kernel.nth_page(entry.page, i))),
        ]);
      case "swap": {
        const cached = kernel.swapper_space().i_pages.get(entry.offset);
        const cell = cached ? kernel.page_address(cached) : kernel.swap_slot(entry.offset);
        return [[first, memory.read(cell)]];
      }
      default:
        return [];
    }
  }
}

// What each operation does to contents; those that are not in the table do nothing

type Step = {
  readonly op: Op;
  readonly done: Done;
  /** As they were before. */
  readonly vmas: readonly VmArea[];
  readonly contents: Contents;
};

const FOLLOWED: Readonly<Record<string, (step: Step) => void>> = {
  mmap: (step) => mapped(step, () => null),
  mmap_shared: (step) => {
    const object = new Map<number, number>();
    mapped(step, (index) => ({object, index}));
  },
  munmap: ({op, done, contents}) => {
    if (done.err === "0") forget(contents.memory(op.proc), op.a, op.b);
  },
  mremap: (step) => moved(step, false),
  mremap_dontunmap: (step) => moved(step, true),
  mremap_resize: grown,
  write: ({op, vmas, contents}) => {
    for (const page of touched(op)) {
      const vma = contents.rangeOf(vmas, page);
      if (vma === null || !(vma.vm_flags & contents.kernel.VM_WRITE)) return;
      contents.write(op.proc, page, contents.written(page));
    }
  },
  pvm_write_child: ({op, contents}) => {
    for (let page = op.a; page < op.a + op.b; page++) {
      const vma = contents.rangeOf(contents.childsRanges(), page);
      if (vma === null || !(vma.vm_flags & contents.kernel.VM_WRITE)) return;
      contents.write("child1", page, contents.written(op.a));
    }
  },
  madv_dontneed: (step) => {
    for (const page of advised(step))
      if (isPrivate(step, page)) step.contents.memory(step.op.proc).delete(page);
  },
  madv_free: (step) => {
    const memory = step.contents.memory(step.op.proc);
    for (const page of advised(step)) {
      // Of shared memory it is not heard, nor what else it is about.
      if (!isPrivate(step, page)) return;
      const known = memory.get(page);
      if (known && "may_be" in known)
        memory.set(page, {may_be: [...new Set([...known.may_be, 0])]});
    }
  },
  fork: ({op, vmas, contents}) => {
    const {VM_DONTCOPY, VM_WIPEONFORK} = contents.kernel;
    const child = contents.memory(op.proc);
    child.clear();
    for (const [page, known] of contents.memory("parent")) {
      const flags = contents.rangeOf(vmas, page)?.vm_flags ?? 0;
      if (!(flags & (VM_DONTCOPY | VM_WIPEONFORK))) child.set(page, known);
    }
  },
};

function touched({a, b, c}: Op): number[] {
  const stride = Math.max(c, 1);
  return Array.from({length: Math.ceil(b / stride)}, (_, i) => a + i * stride);
}

function mapped({op, done, contents}: Step, what: (index: number) => Shared | null): void {
  if (done.err !== "0") return;
  const memory = contents.memory(op.proc);
  forget(memory, op.a, op.b);
  for (let i = 0; i < op.b; i++) {
    const page = what(i);
    if (page !== null) memory.set(op.a + i, page);
  }
}

function forget(memory: Memory, from: number, pages: number): void {
  for (let i = 0; i < pages; i++) memory.delete(from + i);
}

/** Pages that an advice which is not heard of locked memory comes to, in their order. */
function advised({op, vmas, contents}: Step): number[] {
  const {VM_LOCKED} = contents.kernel;
  const pages: number[] = [];
  for (let page = op.a; page < op.a + op.b; page++) {
    const vma = contents.rangeOf(vmas, page);
    if (vma !== null && vma.vm_flags & VM_LOCKED) break;
    if (vma !== null) pages.push(page);
  }
  return pages;
}

function isPrivate({vmas, contents}: Step, page: number): boolean {
  return contents.rangeOf(vmas, page)?.vm_file === null;
}

/** With MREMAP_DONTUNMAP what is shared is at both places, and what is private leaves nothing behind. */
function moved({op, done, contents}: Step, stays: boolean): void {
  if (done.err !== "0") return;
  const memory = contents.memory(op.proc);
  forget(memory, op.c, op.b);
  for (let i = 0; i < op.b; i++) {
    const page = memory.get(op.a + i);
    if (page) memory.set(op.c + i, page);
    if (page && !(stays && "object" in page)) memory.delete(op.a + i);
  }
}

/** What is new behind shared memory is shared as well. */
function grown({op, done, contents}: Step): void {
  if (done.err !== "0") return;
  const memory = contents.memory(op.proc);
  const last = memory.get(op.a + op.b - 1);
  if (!last || !("object" in last)) return;
  for (let i = op.b; i < op.c; i++) {
    memory.set(op.a + i, {object: last.object, index: last.index + i - op.b + 1});
  }
}
