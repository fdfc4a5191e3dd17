// What a thread says, read with suspicion: an operation on a word of memory, an announcement, or nothing that the machine knows.

import type {
  Act,
  Announcement,
  Answer,
  Cell,
  MemoryOperation,
  Operation,
  StepOperation,
} from "../sim/index.ts";
import {Refused} from "./refused.ts";
import {cellOf, integer, oneOf, short, type Decoder} from "./wire.ts";

const ACTS: readonly Act[] = [
  ...(["load", "store", "exchange", "add", "add_unless", "compare_exchange"] as const),
  ...([
    "set_bit",
    "clear_bit",
    "lock",
    "lock_bit",
    "lock_read",
    "lock_write",
    "wait_bit",
  ] as const),
  ...(["unlock", "unlock_bit", "unlock_read", "unlock_write", "try_lock"] as const),
];

const ANSWERS: readonly Answer[] = [
  "nothing",
  "old",
  "new",
  "success",
  "is_zero",
  "is_negative",
  "bit",
];

type Raw = Readonly<Record<string, unknown>>;

export function operationOf(said: unknown, decoder: Decoder): Operation {
  if (typeof said !== "object" || said === null) throw new Refused("nothing");
  const raw = said as Raw;
  const stack = raw.stack === undefined ? {} : {stack: stackOf(raw.stack)};
  return {...(stepOf(raw) ?? announcementOf(raw, decoder)), ...stack} as Operation;
}

function stepOf(raw: Raw): StepOperation | null {
  if (raw.act === "await") return {kind: "cpu_relax", act: "await", operand: 0};
  if (raw.act === "interrupts") {
    return raw.operand === 1
      ? {kind: "local_irq_disable", act: "interrupts", operand: 1}
      : {kind: "local_irq_enable", act: "interrupts", operand: 0};
  }
  return raw.cell === undefined ? null : accessOf(raw);
}

function accessOf({kind, act, cell, operand, expected, answer, plain}: Raw): MemoryOperation {
  return {
    kind: short(kind),
    act: oneOf(ACTS, act),
    cell: cellOf(cell),
    operand: integer(operand),
    expected: integer(expected),
    answer: oneOf(ANSWERS, answer),
    plain: plain === true,
  };
}

function announcementOf(raw: Raw, decoder: Decoder): Announcement {
  const kind = raw.kind === undefined ? "" : short(raw.kind);
  switch (raw.act) {
    case "call":
      return {kind: "call", act: "call", name: short(raw.name), args: list(raw.args, decoder)};
    case "return": {
      // What was given to the function is decoded for its own sake: it may have been changed in there.
      list(raw.args, decoder);
      const value = decoder.decode(raw.value);
      return {kind: "return", act: "return", name: short(raw.name), value};
    }
    case "barrier":
      return {kind, act: "barrier"};
    case "turn":
    case "turned":
      return {kind, act: raw.act};
    case "bug":
    case "warn":
      return {
        kind: raw.act === "bug" ? "BUG" : "WARN",
        act: raw.act,
        message: short(raw.message),
        about: short(raw.about),
        dump: dumpOf(raw.dump),
      };
    default:
      throw new Refused("an operation that the machine does not have");
  }
}

function list(values: unknown, decoder: Decoder): unknown[] {
  if (!Array.isArray(values)) throw new Refused("no arguments");
  return values.map((value) => decoder.decode(value));
}

function dumpOf(said: unknown): Cell[] {
  if (!Array.isArray(said)) throw new Refused("a dump of no words");
  return said.map(cellOf);
}

const LONGEST_STACK = 20_000;

function stackOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, LONGEST_STACK) : "";
}
