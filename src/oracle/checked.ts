// An operation that the book's own code announces on behalf of somebody else's: what it is about they may have made up.

import type {Cell, MemoryOperation, Operation} from "../sim/index.ts";
import {Refused} from "./refused.ts";
import {integer, short} from "./values.ts";

type IsGenuine = (value: object) => boolean;

export function checkedOperation(operation: Operation, isGenuine: IsGenuine): Operation {
  if ("cell" in operation) return checkedAccess(operation, isGenuine);
  if (!("dump" in operation)) return operation;
  const {about, message, dump} = operation;
  return {
    ...operation,
    message: short(message),
    about: short(about),
    dump: dump.filter(isGenuine),
  };
}

function checkedAccess(operation: MemoryOperation, isGenuine: IsGenuine): MemoryOperation {
  const {cell, operand, expected} = operation;
  integer(operand);
  integer(expected);
  return isGenuine(cell) ? operation : {...operation, cell: checkedCell(cell)};
}

const TYPES: readonly unknown[] = ["int", "flags", "pointer", "entry", "lock"];
const WIDTHS: readonly unknown[] = [1, 4, 8];

function checkedCell({address, bytes, type, group, field}: Cell): Cell {
  if (!WIDTHS.includes(bytes) || !TYPES.includes(type) || integer(address) % bytes !== 0)
    throw new Refused("no word where one belongs");
  return {address, bytes, type, group: short(group), field: short(field)};
}

/** The eight bytes that it is a part of. */
export function wordOf({address}: Cell): number {
  return Math.floor(address / 8);
}
