// What threads say, as text: the way out of a sandbox, where nothing passes but a string.
//
// The explorer names a thread's local state by the arguments and answers of its functions (local_state.ts), so these have to come out as
// they are: the same object is the same object again, what was changed is changed, and a structure of the kernel is where it is. Everything
// else that an object could be, a function or a Map, comes out as a thing of which nothing is known.
//
// Who decodes believes nothing: text that has not the shape of what threads say is refused.

import type {Cell, Machine} from "../sim/index.ts";
import {Refused} from "./refused.ts";

/** A value as JSON: numbers, strings, booleans and null as they are, everything else as a list that begins with its kind. */
export type Wire = number | string | boolean | null | readonly unknown[];

/** One thing that a thread said, up to a step. */
export type Said = {readonly [key: string]: Wire};

/** What a thread said, and how it ended: with a step to be made, with a result, or with an error that it has thrown. */
export type Answer = {
  readonly said: readonly Said[];
  readonly end: "step" | "bug" | "finished" | "threw";
  readonly value: Wire;
};

type Immutable = Pick<Machine, "immutable">;
type Structured = Pick<Machine, "immutable" | "structures">;

// ------------------------------------------------------------------------------------------------------------ out

/** Encodes what one run of a thread says. It knows the objects that it has named before. */
export class Encoder {
  private readonly names = new WeakMap<object, number>();
  private next = 0;
  private readonly machine: Immutable;

  constructor(machine: Immutable) {
    this.machine = machine;
  }

  encode(values: readonly unknown[]): Wire[] {
    const met = new Set<object>();
    return values.map((value) => this.say(value, met));
  }

  private say(value: unknown, met: Set<object>): Wire {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : ["number", text(value)];
      case "bigint":
        return ["bigint", String(value)];
      case "undefined":
        return ["undefined"];
      case "object":
        return value === null ? null : this.sayObject(value, met);
      default:
        return ["opaque"];
    }
  }

  private sayObject(value: object, met: Set<object>): Wire {
    if (this.machine.immutable.has(value)) return this.sayImmutable(value, met);
    const name = this.nameOf(value);
    if (met.has(value)) return ["again", name];
    met.add(value);
    if (!isPlain(value)) return ["opaque"];
    return [Array.isArray(value) ? "array" : "object", name, this.entries(value, met)];
  }

  /** A structure of the kernel is where it is; a cell is also what it is called. */
  private sayImmutable(value: object, met: Set<object>): Wire {
    const {address, bytes} = value as Partial<Cell>;
    if (bytes !== undefined) return ["cell", ...sayCell(value as Cell)];
    if (typeof address === "number") return ["structure", address];
    return ["constant", this.entries(value, met)];
  }

  private entries(value: object, met: Set<object>): Wire[] {
    return Object.entries(value).map(([key, part]) => [key, this.say(part, met)]);
  }

  private nameOf(value: object): number {
    const known = this.names.get(value);
    if (known !== undefined) return known;
    this.names.set(value, this.next);
    return this.next++;
  }
}

export function sayCell({address, bytes, type, group, field}: Cell): Wire[] {
  return [address, bytes, type, group, field];
}

function text(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  const ordinary = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  return ordinary && Object.getOwnPropertySymbols(value).length === 0;
}

// ------------------------------------------------------------------------------------------------------------- in

/** Decodes what one run of a thread says: an object that was named before is the one that it was, as it is now. */
export class Decoder {
  private readonly objects = new Map<number, Record<string, unknown> | unknown[]>();
  private readonly machine: Structured;

  constructor(machine: Structured) {
    this.machine = machine;
  }

  decode(wire: unknown): unknown {
    if (wire === null || typeof wire === "boolean") return wire;
    if (typeof wire === "string") return short(wire);
    if (typeof wire === "number") return wire;
    if (!Array.isArray(wire)) throw new Refused("a value of no known kind");
    const [kind, ...rest] = wire as unknown[];
    switch (kind) {
      case "undefined":
        return undefined;
      case "number":
        return Number(short(rest[0]));
      case "bigint":
        return bigint(rest[0]);
      case "opaque":
        return () => {};
      case "cell":
        return this.immutable(cellOf(rest));
      case "structure":
        return this.structure(integer(rest[0]));
      case "constant":
        return this.immutable(
          Object.assign(nothing(), Object.fromEntries(this.entries(rest[0]))),
        );
      case "again":
        return this.known(integer(rest[0]));
      case "object":
        return this.fill(integer(rest[0]), rest[1], nothing);
      case "array":
        return this.fill(integer(rest[0]), rest[1], () => []);
      default:
        throw new Refused("a value of no known kind");
    }
  }

  private immutable<T extends object>(value: T): T {
    this.machine.immutable.add(value);
    return value;
  }

  /** The one that stands there out here; what was first looked at in the sandbox is an address and no more. */
  private structure(address: number): object {
    return this.machine.structures.get(address) ?? this.immutable({address});
  }

  private known(name: number): object {
    const object = this.objects.get(name);
    if (!object) throw new Refused("an object that was never named");
    return object;
  }

  private fill(
    name: number,
    entries: unknown,
    make: () => Record<string, unknown> | unknown[],
  ): object {
    const object = this.objects.get(name) ?? make();
    this.objects.set(name, object);
    for (const key of Object.keys(object)) Reflect.deleteProperty(object, key);
    if (Array.isArray(object)) object.length = 0;
    for (const [key, value] of this.entries(entries)) {
      if (Array.isArray(object)) object.push(value);
      else object[key] = value;
    }
    return object;
  }

  private entries(entries: unknown): [string, unknown][] {
    if (!Array.isArray(entries) || entries.length > MOST)
      throw new Refused("too large a value");
    return entries.map((entry: unknown): [string, unknown] => {
      if (!Array.isArray(entry)) throw new Refused("a value of no known kind");
      return [short(entry[0]), this.decode(entry[1])];
    });
  }
}

/** Entries of one value; far more than anything of the kernel has. */
const MOST = 10_000;
const LONGEST = 4_000;

/** Without a prototype: a key such as `__proto__` is a key like any other. */
function nothing(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

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

const TYPES: readonly Cell["type"][] = ["int", "flags", "pointer", "entry", "lock"];
const WIDTHS: readonly Cell["bytes"][] = [1, 4, 8];

export function cellOf(said: unknown): Cell {
  if (!Array.isArray(said)) throw new Refused("no word where one belongs");
  const [address, bytes, type, group, field] = said as unknown[];
  return {
    address: integer(address),
    bytes: oneOf(WIDTHS, bytes),
    type: oneOf(TYPES, type),
    group: short(group),
    field: short(field),
  };
}

export function oneOf<T>(all: readonly T[], value: unknown): T {
  if (!all.includes(value as T))
    throw new Refused("a word that is none of those that belong there");
  return value as T;
}
