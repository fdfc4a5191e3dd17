// A cell is one shared field: where it is, how wide it is, and what the kernel's source calls it. Its value
// lives in memory (memory.ts); whoever holds a cell can only announce an operation on it (operation.ts).

/** How the value of a cell is to be printed; it has no effect on what happens to it. */
export type CellType = "int" | "flags" | "pointer" | "entry" | "lock";

/** `T` is the type of the values read from it; at run time all of them are integers below 2^53. */
export type Cell<T extends number = number> = {
  readonly address: number;
  readonly bytes: 1 | 4 | 8;
  readonly type: CellType;
  /** What it belongs to, `page[3]`, and its name there, `_refcount`. */
  readonly group: string;
  readonly field: string;
  /** Never set: it only carries the type of the values. */
  readonly holds?: T;
};

export function cell<T extends number = number>(
  group: string,
  field: string,
  address: number,
  bytes: 1 | 4 | 8,
  type: CellType = "int",
): Cell<T> {
  return {address, bytes, type, group, field};
}

export function cell_name(c: Cell): string {
  return `${c.group}.${c.field}`;
}
