// When the last process has ended, and nobody holds a page any more, nothing is left of what they used.

import type {Cell} from "../../sim/index.ts";
import type {LinkedMachine} from "../linked_machine.ts";
import type {AnonVma, Mm} from "../../mm/index.ts";
import type {Look} from "./look.ts";
import {says} from "./pages.ts";

/** `ended` are all processes that there ever were. */
export function leftovers(linked: LinkedMachine, look: Look, ended: Iterable<Mm>): string[] {
  const {kernel, machine} = linked;
  const {taken, read, head_of} = look;
  const {page} = kernel.huge_zero();
  const zero = read(page);
  const lost = taken.filter((one) => head_of(one).address !== zero);
  const structures = [...machine.structures.values()];
  return [
    ...lost.map(({name}) => `${name} is not free, though all processes have ended`),
    ...[...ended].flatMap((mm) => checkEnded(linked, mm)),
    ...structures.flatMap((structure) => checkAnonVma(linked, structure as AnonVma)),
    ...structures.flatMap((structure) => checkLocks(linked, structure)),
  ];
}

function checkEnded({machine: {memory}}: LinkedMachine, mm: Mm): string[] {
  const used = [...mm.pmds, ...mm.pmd_huge_pte].some((word) => memory.read(word) !== 0);
  return says(used || mm.mmap.length > 0, `${mm.name} has ended, and has memory`);
}

function checkAnonVma({machine}: LinkedMachine, structure: AnonVma): string[] {
  if (!("rwsem" in structure)) return [];
  const {vmas, refcount, degree} = structure;
  const count = machine.memory.read(refcount);
  return [
    ...says(vmas.length > 0, "an anon_vma knows of ranges, though there are none"),
    ...says(count !== 0, `an anon_vma has ${count} references, though nobody needs it`),
    ...says(degree !== 0, `an anon_vma has a degree of ${degree}, though it has ended`),
  ];
}

function checkLocks({machine}: LinkedMachine, structure: object): string[] {
  const cells = Object.values(structure).filter(isLock);
  const held = cells.filter((cell) => machine.memory.read(cell) !== 0);
  return held.map(({group, field}) => `${group}.${field} is held, and nobody is there`);
}

function isLock(value: unknown): value is Cell {
  return typeof value === "object" && value !== null && (value as Cell).type === "lock";
}
