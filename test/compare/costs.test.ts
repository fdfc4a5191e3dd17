// What reading smaps costs: counted by running it, and cache lines beside that.

import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {
  CacheLines,
  costsOf,
  LINE_BYTES,
  NOTHING,
  REAL_PAGES,
  type CostTable,
} from "../../src/compare/index.ts";
import {fixes, fixNamed} from "../../src/fixes/index.ts";
import {livepatched, scene, v5_13, watch} from "../support.ts";

describe("cache lines", () => {
  it("travel to who reads them first, and to who writes what another has", () => {
    const lines = new CacheLines();
    lines.access(0, 0, false);
    lines.access(0, LINE_BYTES - 4, false);
    expect(lines.transfers).toEqual([1]);
    lines.access(0, 8, true);
    expect(lines.transfers).toEqual([1]);
    lines.access(1, 0, false);
    lines.access(0, 0, false);
    expect(lines.transfers).toEqual([1, 1]);
    lines.access(0, 0, true);
    lines.access(1, 0, false);
    expect(lines.transfers).toEqual([2, 2]);
  });

  it("two that increment the same word in turn hand it over every time", () => {
    const lines = new CacheLines();
    for (let i = 0; i < 10; i++) for (const cpu of [0, 1]) lines.access(cpu, 4, true);
    expect(lines.transfers).toEqual([10, 10]);
  });
});

describe("costs", () => {
  it("are those of a run that somebody else counts", () => {
    const {kernel, machine, mms, run} = scene({pages: 4, mms: 2, pgflags: false});
    for (const mm of mms) run(kernel.split_huge_pmd(mm.mmap[0], mm.mmap[0].vm_start));
    let accesses = 0;
    watch(kernel.show_smap(mms[0]), machine, {stepped: () => void accesses++});
    expect(costsOf(v5_13, 4).accesses).toBe(accesses);
  });

  it("of a reference are two atomics an entry, and the head's line for each of two readers", () => {
    const before = costsOf(v5_13, 4);
    const after = costsOf(livepatched(fixNamed("reference_without_recheck")!), 4);
    expect(after.atomics - before.atomics).toBe(2 * 4);
    expect(after.transfers).toBe(before.transfers);
    expect(after.transfersWithAnother).toBeGreaterThan(before.transfersWithAnother);
  });

  it("in the book are those that come out when they are counted again", () => {
    const {rows} = JSON.parse(readFileSync("src/compare/costs.json", "utf8")) as CostTable;
    expect(rows.map(({fix}) => fix)).toEqual([NOTHING, ...fixes.map(({name}) => name)]);
    for (const {fix, costs} of rows) {
      const linked = fix === NOTHING ? v5_13 : livepatched(fixNamed(fix)!);
      expect(costs.map(({pages}) => pages)).toEqual([4, REAL_PAGES]);
      expect(costsOf(linked, 4)).toEqual(costs[0]);
    }
    expect(costsOf(v5_13, REAL_PAGES)).toEqual(rows[0].costs[1]);
  });
});
