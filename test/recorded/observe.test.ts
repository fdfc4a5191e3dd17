// The way from /proc to a recording, held against the recordings: each recorded state is taken apart into entries of pagemap and invented
// frames, of which the same state has to be made again.

import {describe, expect, it} from "vitest";
import {
  kpageflag,
  Observer,
  type Frames,
  type PagemapEntry,
  type Pages,
  type ProcessFacts,
  type ProcessName,
  type Run,
  type State,
  type Step,
  type ValueRun,
} from "../../src/recorded/index.ts";
import {FILES, recording} from "./support.ts";

type Facts = Partial<Record<ProcessName, ProcessFacts>>;

const valuesOf = (runs: readonly ValueRun[] = []): ReadonlyMap<number, number> =>
  new Map(runs.flatMap(([from, n, value]) => range(from, n).map((page) => [page, value])));
const pagesOf = (runs: readonly Run[] = []): ReadonlySet<number> =>
  new Set(runs.flatMap(([from, n]) => range(from, n)));
const range = (from: number, n: number): number[] =>
  Array.from({length: n}, (_, i) => from + i);

/** Invents frames for the states of one sequence. A frame stays as long as its `gen` does. */
class Inventor {
  private small = 1;
  private huge = 2 ** 20;
  private readonly last = new Map<string, {pfn: number; gen: number}>();

  invent(state: State): {facts: Facts; frames: Frames} {
    const facts: Facts = {};
    const counts = new Map<number, number>();
    const flags = new Map<number, number>();
    for (const [process, {vmas, pages}] of Object.entries(state)) {
      const pfns = this.framesFor(process, pages, facts.parent, state);
      const [mapcounts, bits] = [valuesOf(pages.mapcount), bitsOf(pages)];
      for (const [page, pfn] of pfns) {
        counts.set(pfn, mapcounts.get(page)!);
        flags.set(pfn, bits.get(page) ?? 0);
      }
      facts[process as ProcessName] = {vmas, pagemap: pagemapOf(pages, pfns)};
    }
    return {
      facts,
      frames: {
        kpagecount: (pfn) => counts.get(pfn)!,
        // Of huge pages also those frames have flags that nobody has mapped.
        kpageflags: (pfn) =>
          flags.get(pfn) ??
          kpageflag(pfn % 512 === 0 && pfn >= 2 ** 20 ? "COMPOUND_HEAD" : "COMPOUND_TAIL"),
      },
    };
  }

  private framesFor(
    process: string,
    pages: Pages,
    parent: ProcessFacts | undefined,
    state: State,
  ): ReadonlyMap<number, number> {
    const gens = valuesOf(pages.gen);
    const compound = valuesOf(pages.compound);
    const same = pagesOf(pages.sameFrameAsParent);
    const fromChildren = process === "parent" ? this.childrensFrames(state) : new Map();
    const kept = (page: number, gen: number): number | undefined => {
      if (same.has(page)) return parent!.pagemap.get(page)!.pfn;
      return this.lastOf(process, page, gen) ?? fromChildren.get(page);
    };
    /** By the page where its head would be. */
    const heads = new Map<number, number>();
    for (const [page, gen] of gens) {
      const [pfn, head] = [kept(page, gen), compound.get(page)];
      if (pfn !== undefined && head !== undefined) heads.set(head, pfn - (page - head));
    }
    const frameFor = (page: number, gen: number): number => {
      const [pfn, head] = [kept(page, gen), compound.get(page)];
      if (pfn !== undefined) return pfn;
      if (head === undefined) return this.small++;
      if (!heads.has(head)) heads.set(head, (this.huge += 512));
      return heads.get(head)! + page - head;
    };
    const frames = [...gens].map(([page, gen]) => {
      const pfn = frameFor(page, gen);
      this.last.set(`${process} ${page}`, {pfn, gen});
      return [page, pfn] as const;
    });
    return new Map(frames);
  }

  private lastOf(process: string, page: number, gen: number | undefined): number | undefined {
    const last = this.last.get(`${process} ${page}`);
    return last?.gen === gen ? last?.pfn : undefined;
  }

  /** What a child has had before its parent has it: where memory is shared. */
  private childrensFrames(state: State): Map<number, number> {
    const found = new Map<number, number>();
    for (const child of ["child1", "child2"] as const) {
      const {gen, sameFrameAsParent} = state[child]?.pages ?? {};
      const gens = valuesOf(gen);
      for (const page of pagesOf(sameFrameAsParent)) {
        const pfn = this.lastOf(child, page, gens.get(page));
        if (pfn !== undefined) found.set(page, pfn);
      }
    }
    return found;
  }
}

function bitsOf({flags}: Pages): ReadonlyMap<number, number> {
  const bits = new Map<number, number>();
  for (const [name, runs] of Object.entries(flags))
    for (const page of pagesOf(runs)) bits.set(page, (bits.get(page) ?? 0) + kpageflag(name));
  return bits;
}

function pagemapOf(
  pages: Pages,
  pfns: ReadonlyMap<number, number>,
): ReadonlyMap<number, PagemapEntry> {
  const [present, swapped] = [pagesOf(pages.present), pagesOf(pages.swapped)];
  const [file, exclusive] = [pagesOf(pages.fileOrShmem), pagesOf(pages.exclusive)];
  const types = valuesOf(pages.swapType);
  const entry = (page: number): PagemapEntry => ({
    ...{present: present.has(page), swapped: swapped.has(page)},
    ...{fileOrShmem: file.has(page), exclusive: exclusive.has(page), softDirty: false},
    ...{pfn: pfns.get(page) ?? 0, swapType: types.get(page) ?? 0},
  });
  return new Map([...present, ...swapped].map((page) => [page, entry(page)]));
}

/** Where REFERENCED is left out of one process, frames that others share have no one value of it. OWNER_2 is a later name of a bit. */
function comparable({state, unstable = []}: Step): State {
  const dropped = unstable.some((path) => path.endsWith("REFERENCED"))
    ? ["OWNER_2", "REFERENCED"]
    : ["OWNER_2"];
  const without = ({flags, ...pages}: Pages): Pages => ({
    ...pages,
    flags: Object.fromEntries(
      Object.entries(flags).filter(([name]) => !dropped.includes(name)),
    ),
  });
  return Object.fromEntries(
    Object.entries(state).map(([process, {vmas, pages}]) => [
      process,
      {vmas, pages: without(pages)},
    ]),
  );
}

describe.each(FILES)("%s", (path) => {
  it("is what an observer says of pagemap and frames that fit it: all 392 steps", () => {
    let steps = 0;
    for (const sequence of recording(path).sequences) {
      const [inventor, observer] = [new Inventor(), new Observer()];
      for (const step of sequence.steps) {
        const state = comparable(step);
        const {facts, frames} = inventor.invent(state);
        expect(observer.observe(facts, frames), `${sequence.name}, ${steps}`).toEqual(state);
        steps++;
      }
    }
    expect(steps).toBe(392);
  });
});

describe("gen", () => {
  const entry = (pfn: number): PagemapEntry => ({
    ...{present: true, swapped: false, fileOrShmem: false, exclusive: true, softDirty: false},
    ...{pfn, swapType: 0},
  });
  const frames: Frames = {kpagecount: () => 1, kpageflags: () => kpageflag("ANON")};
  const look = (observer: Observer, pfn: number | null, process: ProcessName = "parent") =>
    observer.observe(
      {[process]: {vmas: [], pagemap: new Map(pfn === null ? [] : [[7, entry(pfn)]])}},
      frames,
    )[process]!.pages.gen;

  it("stays while the frame does, and is one more for another frame", () => {
    const observer = new Observer();
    expect([10, 10, 11].map((pfn) => look(observer, pfn))).toEqual([
      [[7, 1, 1]],
      [[7, 1, 1]],
      [[7, 1, 2]],
    ]);
  });

  it("is one more for the same frame that was away", () => {
    const observer = new Observer();
    expect([10, null, 10].map((pfn) => look(observer, pfn))).toEqual([
      [[7, 1, 1]],
      undefined,
      [[7, 1, 2]],
    ]);
  });

  it("begins again for a child that was forked again", () => {
    const observer = new Observer();
    expect(look(observer, 10, "child1")).toEqual([[7, 1, 1]]);
    look(observer, 10, "parent");
    expect(look(observer, 11, "child1")).toEqual([[7, 1, 1]]);
  });
});
