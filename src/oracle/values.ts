// What passes between the kernel, which runs here, and code that runs shut away: values as text, since nothing passes but a string.
//
// An object is told by its number, so that it is the same object again on the other side. What will never change, a structure of the
// kernel or a part of one, is told once; everything else is told as it is now, each time. Both sides keep such a table for one machine, and
// one more for each call, which is forgotten with it.
//
// Whoever decodes here believes nothing: what has not this shape is refused.

import {Refused} from "./refused.ts";

/** A value as JSON: numbers, strings, booleans and null as they are, everything else as a list that begins with its kind. */
export type Wire = number | string | boolean | null | readonly Wire[];

/** What one side knows of the objects that it shares with the other. */
export type Table = {
  readonly byNumber: Map<number, object>;
  readonly numbers: WeakMap<object, number>;
};

export function newTable(): Table {
  return {byNumber: new Map(), numbers: new WeakMap()};
}

export type Side = {
  /** 1 or -1: what the numbers of objects that were first named on this side begin with. */
  readonly sign: 1 | -1;
  /** Will it never change? Then it is told once, and goes into the machine's table. */
  isConstant(value: object): boolean;
  /** A function, as the other side may name it; null where it may not. */
  tellFunction(value: (...args: never[]) => unknown): Wire | null;
  hearFunction(name: unknown): unknown;
  /** An object that was told whole and will never change. */
  keep(value: object): void;
};

type Plain = Record<string, unknown> | unknown[];

export class Values {
  /** Of the machine; and of one call. */
  private readonly constants: Table;
  private readonly own: Table = newTable();
  private readonly side: Side;
  private next = 1;

  constructor(side: Side, constants: Table) {
    this.side = side;
    this.constants = constants;
  }

  encode(values: readonly unknown[]): Wire[] {
    const met = new Set<object>();
    return values.map((value) => this.tell(value, met));
  }

  private tell(value: unknown, met: Set<object>): Wire {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : ["number", Object.is(value, -0) ? "-0" : String(value)];
      case "bigint":
        return ["bigint", String(value)];
      case "undefined":
        return ["undefined"];
      case "function":
        return this.side.tellFunction(value as () => unknown) ?? ["opaque"];
      case "object":
        return value === null ? null : this.tellObject(value, met);
      default:
        return ["opaque"];
    }
  }

  private tellObject(value: object, met: Set<object>): Wire {
    const {constants, own} = this;
    const known = constants.numbers.get(value);
    if (known !== undefined) return ["constant", known];
    if (!isPlain(value)) return ["opaque"];
    const isConstant = this.side.isConstant(value);
    const table = isConstant ? constants : own;
    const number = own.numbers.get(value) ?? this.name(value, table);
    if (met.has(value)) return ["again", number];
    met.add(value);
    const kind = `${isConstant ? "constant " : ""}${Array.isArray(value) ? "array" : "object"}`;
    const entries = Object.entries(value).map(([key, part]) => [key, this.tell(part, met)]);
    return [kind, number, entries];
  }

  private name(value: object, table: Table): number {
    const number =
      this.side.sign * (table === this.own ? this.next++ : table.byNumber.size + 1);
    table.byNumber.set(number, value);
    table.numbers.set(value, number);
    return number;
  }

  decode(wires: unknown): unknown[] {
    if (!Array.isArray(wires) || wires.length > MOST) throw new Refused("no list of values");
    return wires.map((wire) => this.hear(wire));
  }

  private hear(wire: unknown): unknown {
    if (wire === null || typeof wire === "boolean" || typeof wire === "number") return wire;
    if (typeof wire === "string") return short(wire);
    if (!Array.isArray(wire)) throw new Refused("a value of no known kind");
    const [kind, name, entries] = wire as unknown[];
    switch (kind) {
      case "undefined":
        return undefined;
      case "number":
        return Number(short(name));
      case "bigint":
        return bigint(name);
      case "opaque":
        return () => {};
      case "function":
        return this.side.hearFunction(name);
      case "constant":
        return known(this.constants, name);
      case "again":
        return known(this.own, name);
      case "object":
      case "array":
        return this.fill(this.own, kind, integer(name), entries);
      case "constant object":
      case "constant array":
        return this.hearConstant(kind, integer(name), entries);
      default:
        throw new Refused("a value of no known kind");
    }
  }

  private hearConstant(kind: string, name: number, entries: unknown): object {
    if (this.side.sign === 1) throw new Refused("a constant, from where there are none");
    const value = this.fill(this.constants, kind, name, entries);
    this.side.keep(value);
    return value;
  }

  /** The object of that number as it is now; it may be a part of itself. */
  private fill(table: Table, kind: string, number: number, entries: unknown): object {
    let object = table.byNumber.get(number) as Plain | undefined;
    if (!object) {
      object = kind.endsWith("array") ? [] : (Object.create(null) as Record<string, unknown>);
      table.byNumber.set(number, object);
      table.numbers.set(object, number);
    }
    const parts = this.entries(entries);
    for (const key of Object.keys(object)) Reflect.deleteProperty(object, key);
    if (Array.isArray(object)) object.length = 0;
    for (const [key, part] of parts) {
      if (Array.isArray(object)) object.push(part);
      else Object.defineProperty(object, key, {...ORDINARY, value: part});
    }
    return object;
  }

  private entries(entries: unknown): [string, unknown][] {
    if (!Array.isArray(entries) || entries.length > MOST)
      throw new Refused("too large a value");
    return entries.map((entry: unknown): [string, unknown] => {
      if (!Array.isArray(entry)) throw new Refused("a value of no known kind");
      return [short(entry[0]), this.hear(entry[1])];
    });
  }
}

/** By definition and not by assignment: `__proto__` is a key like any other. */
const ORDINARY = {writable: true, enumerable: true, configurable: true};

function known({byNumber}: Table, name: unknown): object {
  const object = byNumber.get(integer(name));
  if (!object) throw new Refused("an object that was never named");
  return object;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  const ordinary = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  return ordinary && Object.getOwnPropertySymbols(value).length === 0;
}

/** Entries of one value; far more than anything of the kernel has. */
const MOST = 10_000;
const LONGEST = 4_000;

export function short(value: unknown): string {
  if (typeof value !== "string" || value.length > LONGEST)
    throw new Refused("no text where one belongs");
  return value;
}

export function integer(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new Refused("no number where one belongs");
  return value as number;
}

function bigint(value: unknown): bigint {
  try {
    return BigInt(short(value));
  } catch {
    throw new Refused("no number where one belongs");
  }
}
