// The states that have been reached, as integers. A state is a content of memory and, for each thread, the node of its
// observation tree. Contents of memory are far fewer than states, so each is kept once and has a number.
//
// Nothing is thrown away and nothing is told apart by a hash alone: two states are the same only if they are equal.

/** Grows as needed; the number of a row never changes. */
export class RowTable {
  count = 0;
  rows: Int32Array<ArrayBuffer>;
  width: number;
  private slots = new Int32Array(1 << 10).fill(-1);
  hashes = new Int32Array(1 << 9);

  constructor(width: number) {
    this.width = width;
    this.rows = new Int32Array(width << 9);
  }

  get bytes(): number {
    return this.rows.byteLength + this.slots.byteLength + this.hashes.byteLength;
  }

  /** The number of the row that equals `row`; a new one if there was none: then it is `count - 1`. */
  intern(row: Int32Array, hash: number): number {
    const mask = this.slots.length - 1;
    let slot = spread(hash) & mask;
    for (let id = this.slots[slot]; id >= 0; id = this.slots[slot]) {
      if (this.hashes[id] === hash && this.equals(id, row)) return id;
      slot = (slot + 1) & mask;
    }
    return this.add(row, hash, slot);
  }

  private equals(id: number, row: Int32Array): boolean {
    const {rows, width} = this;
    const start = id * width;
    for (let i = 0; i < width; i++) if (rows[start + i] !== row[i]) return false;
    return true;
  }

  private add(row: Int32Array, hash: number, slot: number): number {
    const id = this.count++;
    if ((id + 1) * this.width > this.rows.length) this.rows = doubled(this.rows);
    if (id >= this.hashes.length) this.hashes = doubled(this.hashes);
    this.rows.set(row, id * this.width);
    this.hashes[id] = hash;
    this.slots[slot] = id;
    if (this.count * 2 > this.slots.length) this.rehash();
    return id;
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = this.slots.length - 1;
    for (let id = 0; id < this.count; id++) {
      let slot = spread(this.hashes[id]) & mask;
      while (this.slots[slot] >= 0) slot = (slot + 1) & mask;
      this.slots[slot] = id;
    }
  }

  /** Makes every row wider; the new columns hold 0. */
  widen(width: number): void {
    const rows = new Int32Array(Math.max(width << 9, this.count * width * 2));
    for (let id = 0; id < this.count; id++) {
      rows.set(this.rows.subarray(id * this.width, (id + 1) * this.width), id * width);
    }
    this.rows = rows;
    this.width = width;
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Makes the low bits depend on all of them. */
function spread(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
  return h ^ (h >>> 16);
}

/** What a value in a column adds to the hash of its row: sums of these can be kept up to date step by step. */
export function mix(column: number, value: number): number {
  return spread(Math.imul(column + 1, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b));
}

/**
 * The contents of memory. Only halves that some thread writes are kept; the others hold what they held at first. The
 * hash of a content counts only halves that differ from the first state, so that it does not change when one more half
 * turns out to be written.
 */
export class MemoryTable {
  private readonly halves: Int32Array;
  private readonly first: Int32Array;
  private readonly columns: number[] = [];
  private readonly columnOf: Int32Array;
  private readonly table = new RowTable(16);
  private row = new Int32Array(16);
  /** Hash of what `halves` holds now. */
  hash = 0;
  private loaded = 0;

  /** `halves` is the memory that the search works in; what it holds now is the first state, number 0. */
  constructor(halves: Int32Array) {
    this.halves = halves;
    this.first = halves.slice();
    this.columnOf = new Int32Array(halves.length).fill(-1);
    this.table.intern(this.row, 0);
  }

  /** Tells the table that this half may be written. */
  track(half: number): void {
    if (this.columnOf[half] >= 0) return;
    const column = this.columns.length;
    this.columnOf[half] = column;
    this.columns.push(half);
    if (column >= this.table.width) {
      this.table.widen(this.table.width * 2);
      this.row = new Int32Array(this.table.width);
    }
  }

  get bytes(): number {
    return this.table.bytes;
  }

  /** Brings `halves` to the content with this number. */
  load(id: number): void {
    if (id === this.loaded) return;
    const {columns, halves, first, table} = this;
    const start = id * table.width;
    let hash = 0;
    for (let c = 0; c < columns.length; c++) {
      const change = table.rows[start + c];
      const half = columns[c];
      halves[half] = first[half] ^ change;
      if (change !== 0) hash = (hash + mix(half, change)) | 0;
    }
    this.hash = hash;
    this.loaded = id;
  }

  /** The hash after `half` has changed from `old` to what it holds now. */
  rehash(hash: number, half: number, old: number): number {
    const before = old ^ this.first[half];
    const after = this.halves[half] ^ this.first[half];
    let h = hash;
    if (before !== 0) h -= mix(half, before);
    if (after !== 0) h += mix(half, after);
    return h | 0;
  }

  /** The number of what `halves` holds now, whose hash the caller has kept. */
  intern(hash: number): number {
    const {columns, halves, first, row} = this;
    for (let c = 0; c < columns.length; c++) row[c] = halves[columns[c]] ^ first[columns[c]];
    return this.table.intern(row, hash);
  }
}

/** Remembers a number for each pair of numbers; none of them below -1. */
export class PairTable {
  private count = 0;
  /** Triples: the pair and its number; a number of -2 is no entry. */
  private slots = new Int32Array(3 << 10).fill(-2);

  get bytes(): number {
    return this.slots.byteLength;
  }

  get(a: number, b: number): number | undefined {
    const found = this.slots[this.slotOf(a, b) + 2];
    return found === -2 ? undefined : found;
  }

  set(a: number, b: number, number: number): void {
    if (this.count++ * 2 * 3 > this.slots.length) this.grow();
    this.put(a, b, number);
  }

  private put(a: number, b: number, number: number): void {
    const slot = this.slotOf(a, b);
    this.slots[slot] = a;
    this.slots[slot + 1] = b;
    this.slots[slot + 2] = number;
  }

  private slotOf(a: number, b: number): number {
    const {slots} = this;
    const mask = slots.length / 3 - 1;
    let i = spread(Math.imul(a, 0x9e3779b1) ^ b) & mask;
    for (;;) {
      const slot = i * 3;
      if (slots[slot + 2] === -2 || (slots[slot] === a && slots[slot + 1] === b)) return slot;
      i = (i + 1) & mask;
    }
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2).fill(-2);
    for (let slot = 0; slot < old.length; slot += 3) {
      if (old[slot + 2] !== -2) this.put(old[slot], old[slot + 1], old[slot + 2]);
    }
  }
}
