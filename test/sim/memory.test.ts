// Memory: addresses, widths, and pointers that point nowhere.

import {describe, expect, it} from "vitest";
import {cell, cell_name, hex, Memory} from "../../src/sim/index.ts";

const VMEMMAP = -0x1600_0000_0000;

describe("memory", () => {
  it("a cell is called by what it belongs to and its name there", () => {
    expect(cell_name(cell("page[3]", "_refcount", 0, 4))).toBe("page[3]._refcount");
  });

  it("a kernel pointer is a negative number, kept exactly", () => {
    const memory = new Memory();
    const word = cell("page[0]", "lru.next", memory.allocate(8), 8, "pointer");
    for (const pointer of [
      VMEMMAP,
      VMEMMAP + 0x1_0001,
      -1,
      -(2 ** 47),
      0,
      1,
      2 ** 32,
      2 ** 47 - 1,
    ]) {
      memory.write(word, pointer);
      expect(memory.read(word)).toBe(pointer);
    }
    expect(hex(VMEMMAP)).toBe("0xffffea0000000000");
  });

  it("the mark in the lowest bit of a pointer is its lowest bit", () => {
    const memory = new Memory();
    const word = cell("page[1]", "compound_head", memory.allocate(8), 8, "pointer");
    memory.write(word, VMEMMAP + 1);
    expect(memory.read(word) & 1).toBe(1);
    expect(memory.read(word) - 1).toBe(VMEMMAP);
  });

  it("an 8-byte field is two halves: low at its address, high behind it", () => {
    const memory = new Memory();
    const at = memory.allocate(8);
    const low = cell("word", "low", at, 4);
    const high = cell("word", "high", at + 4, 4);
    memory.write(cell("word", "whole", at, 8), VMEMMAP + 0x12345678);
    expect(memory.read(low)).toBe(0x12345678);
    expect(memory.read(high) >>> 0).toBe(0xffffea00);
  });

  it("bytes share a half and leave each other alone", () => {
    const memory = new Memory();
    const at = memory.allocate(8);
    const bytes = [0, 1, 2, 3].map((i) => cell("word", `byte${i}`, at + i, 1));
    bytes.forEach((byte, i) => memory.write(byte, 0xf0 + i));
    memory.write(bytes[1], 0x107);
    expect(bytes.map((byte) => memory.read(byte))).toEqual([0xf0, 0x07, 0xf2, 0xf3]);
  });

  it("new memory is zero, and what grows keeps what it held", () => {
    const memory = new Memory();
    const first = cell("a", "word", memory.allocate(8), 8);
    memory.write(first, -7);
    const far = memory.allocate(64 * 1024);
    expect(memory.read(cell("b", "word", far + 65528, 8))).toBe(0);
    expect(memory.read(first)).toBe(-7);
  });

  it("regions do not overlap", () => {
    const memory = new Memory();
    const cells = [4, 24, 8, 100].map((bytes) => cell("x", "y", memory.allocate(bytes), 4));
    cells.forEach((c, i) => memory.write(c, i + 1));
    expect(cells.map((c) => memory.read(c))).toEqual([1, 2, 3, 4]);
  });

  it("what is reserved has no address, and moves nothing that has one", () => {
    const memory = new Memory();
    const before = memory.allocate(8);
    const first = memory.reserve(1000);
    const after = memory.allocate(8);
    expect(memory.half(after)).toBe(first + 1000);
    expect(memory.layout()).toEqual([
      [before, 8],
      [after, 8],
    ]);
    for (const beside of [before + 8, after - 8]) expect(memory.half(beside)).toBe(-1);
  });

  it("an address that is nobody's is at -1", () => {
    const memory = new Memory();
    const at = memory.allocate(16, VMEMMAP);
    expect(memory.half(at)).toBe(0);
    expect(memory.half(at + 15)).toBe(3);
    for (const wild of [0, 0x100, at - 1, at + 16, -1])
      expect(memory.half(wild), String(wild)).toBe(-1);
  });
});
