// Cells and memory as a race of one's own sees them: a word that is nowhere is a mistake, not a zero.

import {cell_name, hex, type Cell, type Memory} from "../sim/index.ts";
import type {OwnKernel, OwnMemory} from "./own_types.ts";
import {RaceError} from "./race_error.ts";

export function carefulCell({cell}: OwnKernel): OwnKernel["cell"] {
  return (group, field, address, bytes, type) => {
    if (![1, 4, 8].includes(bytes))
      throw new RaceError(`${group}.${field} of ${String(bytes)} bytes: a cell has 1, 4 or 8`);
    if (!Number.isSafeInteger(address))
      throw new RaceError(
        `${group}.${field} at ${String(address)}: an address is what machine.memory.allocate(bytes) answers`,
      );
    return cell(group, field, address, bytes, type);
  };
}

export function carefulMemory(memory: Memory): OwnMemory {
  const there = <C extends Cell>(cell: C): C => {
    if (!isCell(cell)) throw new RaceError(noCell("memory was asked for"));
    if (memory.half(cell.address) >= 0) return cell;
    throw new RaceError(
      `there is no memory at ${hex(cell.address)} for ${cell_name(cell)}: was it allocated with machine.memory.allocate(bytes)?`,
    );
  };
  return {
    allocate(bytes, address) {
      if (Number.isSafeInteger(bytes) && bytes > 0) return memory.allocate(bytes, address);
      throw new RaceError(
        `allocate(${String(bytes)}): memory is a whole number of bytes above 0`,
      );
    },
    read: (cell) => memory.read(there(cell)),
    write(cell, value) {
      if (!Number.isSafeInteger(value))
        throw new RaceError(noNumber(`write to ${cell_name(there(cell))}`, value));
      memory.write(there(cell), value);
    },
  };
}

export function noNumber(what: string, value: unknown): string {
  return `${what} with ${String(value)}: words hold whole numbers (is a value or a yield* missing?)`;
}

export function isCell(value: unknown): value is Cell {
  const is =
    typeof value === "object" && value !== null && "address" in value && "bytes" in value;
  return is && typeof value.address === "number";
}

export function noCell(what: string): string {
  return `${what} something that is no cell: kernel.cell(group, field, address, bytes) makes one`;
}
