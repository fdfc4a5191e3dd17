// References that are put where they were not taken, leaked or dropped twice; and pages that are used after the last one.

import {describe, expect, it} from "vitest";
import {explore, type Monitor, type Program} from "../../src/explore/index.ts";
import {noUseOfFreedPages} from "../../src/races/freed.ts";
import {referenceLedger} from "../../src/races/ledger.ts";
import {cpu_interrupts, seal, type Op} from "../../src/sim/index.ts";
import {exploreRace, livepatched, scene, type Scene} from "../support.ts";

/** madvise(MADV_FREE) that ends like this. */
function ending(text: string) {
  return livepatched({
    name: "ending.ts",
    text: `export function* madvise_free_huge_pmd(vma, address) {
      const pmdp = pmd_offset(vma.vm_mm, address);
      const ptl = yield* pmd_trans_huge_lock(vma.vm_mm, pmdp);
      if (ptl === null) return;
      const page = yield* madvise_free_get_page(pmdp);
      yield* spin_unlock(ptl);
      if (page === null) return;
      yield* split_huge_page(page);
      yield* unlock_page(page);
      ${text}
    }`,
  });
}

function findings(text: string) {
  const {complete, findings: all} = exploreRace("smaps_vs_split", {pages: 2}, ending(text));
  expect(complete).toBe(true);
  const name = "references are put where they were taken";
  return all.filter(({invariant}) => invariant === name).map(({message}) => message);
}

describe("the ledger of references", () => {
  it("has nothing to say where they are put where they were taken", () => {
    expect(findings("yield* put_page(page);")).toEqual([]);
  });

  it("finds one that is put on another page than it was taken on, when it is put", () => {
    expect(findings("yield* put_page(nth_page(page, 1));")).toContain(
      "a reference to page[1] is put by who holds none, and holds one to page[0] (put on the wrong page?)",
    );
  });

  it("finds one that is leaked", () => {
    expect(findings("")).toEqual([
      "madvise(MADV_FREE) has finished and still holds a reference to page[0] (a missing put_page()?)",
    ]);
  });

  it("finds one that is dropped twice", () => {
    expect(findings("yield* put_page(page);\nyield* put_page(page);")).toEqual([
      "a reference to page[0] is put by who holds none (put twice?)",
    ]);
  });
});

/** Threads on a machine with one page of which one reference is left, mapped nowhere. */
function onOnePage(
  threads: (scene: Scene) => (() => Op<unknown>)[],
  monitor: (scene: Scene) => Monitor,
): () => Program {
  return () => {
    const all = scene({pages: 2});
    const {machine, pages} = all;
    machine.memory.write(pages[0]._refcount, 1);
    const runs = threads(all);
    const monitors = [monitor(all)];
    const interrupts = runs.map((_, i) => cpu_interrupts(i, machine));
    seal(machine);
    return {
      race: "test",
      parameters: {},
      livepatches: [],
      code: "00000000",
      machine,
      threads: runs.map((run, i) => ({name: `T${i}`, run})),
      interrupts,
      invariants: [],
      monitors,
      outcome: () => null,
      shows: [],
      print: (_cell, value) => String(value),
      place: () => null,
    };
  };
}

describe("a page whose last reference is put", () => {
  const freed = ({kernel, pages, machine}: Scene) => noUseOfFreedPages(kernel, pages, machine);
  const messages = (fresh: () => Program, strategy: "stateful" | "dpor") =>
    explore(fresh, {}, {strategy}).findings.map(({message}) => message);

  it.each(["stateful", "dpor"] as const)("must not be written any more (%s)", (strategy) => {
    const late = onOnePage(
      ({kernel, pages: [page]}) => [
        () => kernel.put_page(page),
        () => kernel.SetPageDirty(page),
      ],
      freed,
    );
    expect(messages(late, strategy)).toEqual([
      "set_bit of page[0], which has been freed (a reference that was put too early?)",
    ]);
  });

  it.each(["stateful", "dpor"] as const)(
    "may be written by who got a reference (%s)",
    (strategy) => {
      const careful = onOnePage(
        ({kernel, pages: [page]}) => [
          () => kernel.put_page(page),
          function* () {
            const got = yield* kernel.get_page_unless_zero(page);
            if (!got) return;
            yield* kernel.SetPageDirty(page);
            yield* kernel.put_page(page);
          },
        ],
        freed,
      );
      expect(messages(careful, strategy)).toEqual([]);
    },
  );

  it("cannot be put by both of two who hold one reference between them", () => {
    const both = onOnePage(
      ({kernel, pages: [page]}) => [() => kernel.get_page(page), () => kernel.put_page(page)],
      ({pages, machine}) => referenceLedger({pages, threads: ["T0", "T1"]}, machine),
    );
    expect(messages(both, "stateful")).toContain(
      "T0 has finished and still holds a reference to page[0] (a missing put_page()?)",
    );
  });
});
