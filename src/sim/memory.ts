// Shared memory: an array of 32-bit halves, in a few regions of the address space. An 8-byte field is two
// halves that are accessed in one step.
//
// Addresses and 8-byte values are JavaScript numbers and are read as signed, so that a kernel pointer such as
// 0xffffea0000000000 is a negative number well within 2^53: exact, and `value & 1` is its lowest bit.

import type {Cell} from "./cell.ts";

const HALF = 4;
const TWO_32 = 2 ** 32;

type Region = {readonly address: number; readonly bytes: number; readonly first: number};

/** Where things go that name no address: in the direct map of physical memory, 0xffff888000000000. */
const DIRECT_MAP = -0x7780_0000_0000 + 0x10_0000;

export class Memory {
  halves = new Int32Array(256);
  /** How many halves are in use. */
  length = 0;
  private readonly regions: Region[] = [];
  /** Halves that were asked for, by address: nothing ever moves. */
  private readonly known = new Map<number, number>();
  private next = DIRECT_MAP;

  /** Adds a region of `bytes` zeroed bytes, at `address` or wherever there is room. Returns its address. */
  allocate(bytes: number, address = this.next): number {
    const size = Math.ceil(bytes / 8) * 8;
    this.regions.push({address, bytes: size, first: this.length});
    this.known.set(address, this.length);
    this.reserve(size / HALF);
    if (address === this.next) this.next += Math.ceil(size / 64) * 64;
    return address;
  }

  /** Adds zeroed halves that have no address, so that no thread can reach them; answers the first. */
  reserve(halves: number): number {
    const first = this.length;
    this.length += halves;
    if (this.length > this.halves.length) this.grow();
    return first;
  }

  /** Where there is memory: address and bytes of each region, in the order of the halves. */
  layout(): (readonly [address: number, bytes: number])[] {
    return this.regions.map(({address, bytes}) => [address, bytes] as const);
  }

  private grow(): void {
    const larger = new Int32Array(this.length * 2);
    larger.set(this.halves);
    this.halves = larger;
  }

  /** The index of the half at `address`, or -1 where there is no memory: a wild pointer. */
  half(address: number): number {
    // Most of what anybody looks for are pages, which come first.
    if (this.regions.length > 0 && isIn(this.regions[0], address))
      return halfOf(this.regions[0], address);
    const known = this.known.get(address);
    if (known !== undefined) return known;
    const region = this.regions.find((one) => isIn(one, address));
    if (region === undefined) return -1;
    const half = halfOf(region, address);
    this.known.set(address, half);
    return half;
  }

  /** The halves that a cell covers; none where there is no memory. */
  halves_of({address, bytes}: Pick<Cell, "address" | "bytes">): number[] {
    const half = this.half(address);
    if (half < 0) return [];
    return bytes === 8 ? [half, half + 1] : [half];
  }

  /** Reads and writes without a step: for the first state and for whoever only looks. */
  read(cell: Cell): number {
    return read_word(this.halves, this.half(cell.address), cell);
  }

  write(cell: Cell, value: number): void {
    write_word(this.halves, this.half(cell.address), cell, value);
  }
}

function isIn({address, bytes}: Region, at: number): boolean {
  return at >= address && at < address + bytes;
}

function halfOf({address, first}: Region, at: number): number {
  return first + Math.floor((at - address) / HALF);
}

export function read_word(halves: Int32Array, half: number, cell: Cell): number {
  if (cell.bytes === 4) return halves[half];
  if (cell.bytes === 8) return halves[half + 1] * TWO_32 + (halves[half] >>> 0);
  return (halves[half] >>> ((cell.address & 3) * 8)) & 0xff;
}

export function write_word(halves: Int32Array, half: number, cell: Cell, value: number): void {
  if (cell.bytes === 1) {
    const shift = (cell.address & 3) * 8;
    halves[half] = (halves[half] & ~(0xff << shift)) | ((value & 0xff) << shift);
    return;
  }
  // Bit operators take a number modulo 2^32, which is the low half of any value below 2^53.
  halves[half] = value | 0;
  if (cell.bytes === 8) halves[half + 1] = high_half(value);
}

export function high_half(value: number): number {
  return Math.floor(value / TWO_32) | 0;
}
