// The machine under the kernel: its memory, how large its huge pages are, and which checks it was built with.
// The linked kernel sees it under the one name `machine`, so that machines with huge pages of 4 and of 512
// sub-pages live side by side.

import {cell, type Cell} from "./cell.ts";
import type {Memory} from "./memory.ts";

export type MachineOptions = {
  /** Sub-pages of a huge page: HPAGE_PMD_NR. 512 on x86-64; 4 are enough for every story in the book. */
  readonly pages: number;
  /** CONFIG_DEBUG_VM_PGFLAGS. */
  readonly pgflags: boolean;
  /** A TLB is flushed on other CPUs by interrupting them. */
  readonly ipi?: boolean;
  /** CONFIG_DEBUG_VM: on, unless it says not. */
  readonly debug_vm?: boolean;
  /** PMDs of each process, hence how much it can map: 1, unless it says not. */
  readonly pmds?: number;
  /**
   * Processes make system calls of all kinds: pages are swapped, locked in memory, pinned, and never all the same. In the races nobody
   * does, and what the kernel asks for the sake of such pages is left out there, each of it a step that would tell nothing.
   */
  readonly syscalls?: boolean;
  /** Free pages beside those of the huge page, for whoever allocates. */
  readonly spares?: number;
  /** Of a machine with system calls: how many frames each of its nodes has. All are free at first. */
  readonly nodes?: readonly number[];
};

export type Machine = MachineOptions & {
  readonly memory: Memory;
  /** The structures that were made so far, by address: a pointer has one structure behind it. */
  readonly structures: Map<number, object>;
  /** Everything that is a part of some structure, once the machine is sealed: it will never change. */
  readonly immutable: WeakSet<object>;
  sealed: boolean;
  /** Operations are to carry the stack they were announced on. */
  backtraces: boolean;
  /** Of this run somebody will want stacks, of some operations at least. */
  traced: boolean;
  /** Turns of livepatched loops since the last operation. */
  turns: number;
};

/** The machine that this kernel runs on: bound when the kernel is linked. */
export declare const machine: Machine;

/** The structure at `address`, made by `make` when it is first looked at. */
export function structure_at<T extends object>(
  address: number,
  make: (address: number) => T,
): T {
  const known = machine.structures.get(address) as T | undefined;
  if (known) return known;
  const made = make(address);
  machine.structures.set(address, made);
  if (machine.sealed) make_immutable(made, machine);
  return made;
}

/** 0xffff88807fe00000: where each CPU keeps a cache line of its own. */
const PER_CPU = -0x777f_8020_0000;

/**
 * The word of a CPU's interrupts: bit 0 is set while they are off, bit 1 while another CPU's interrupt waits for them to be
 * on again.
 */
export function cpu_interrupts(cpu: number, {memory, structures} = machine): Cell {
  const address = PER_CPU + 64 * cpu;
  const known = structures.get(address) as Cell | undefined;
  if (known) return known;
  const made = cell(`CPU ${cpu}`, "interrupts off", memory.allocate(8, address), 4);
  structures.set(address, made);
  return made;
}

/** From now on nothing but memory changes: what a thread does is decided by what it observes. */
export function seal(sealed: Machine): void {
  for (const structure of sealed.structures.values()) make_immutable(structure, sealed);
  sealed.sealed = true;
}

function make_immutable(value: object, {immutable}: Pick<Machine, "immutable">): void {
  if (immutable.has(value)) return;
  immutable.add(value);
  Object.freeze(value);
  for (const part of Object.values(value) as unknown[]) {
    if (typeof part === "object" && part !== null) make_immutable(part, {immutable});
  }
}
