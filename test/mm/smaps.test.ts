// What smaps prints of a huge page when nobody disturbs it, in kB, before a split and after. One PTE or PMD that is
// dirty is enough for Dirty; a page that is mapped n times gives each a share of 4 kB / n to Pss.

import {describe, expect, it} from "vitest";
import {scene, type Scene} from "../support.ts";

function smaps({kernel, mms, run}: Scene) {
  const mss = run(kernel.show_smap(mms[0]));
  const kB = (bytes: number): number => bytes / 1024;
  return {
    Rss: kB(mss.resident),
    Pss: kB(mss.pss / 4096),
    Private_Dirty: kB(mss.private_dirty),
    Private_Clean: kB(mss.private_clean),
    Shared_Dirty: kB(mss.shared_dirty),
    Shared_Clean: kB(mss.shared_clean),
    Referenced: kB(mss.referenced),
    Anonymous: kB(mss.anonymous),
    LazyFree: kB(mss.lazyfree),
    AnonHugePages: kB(mss.anonymous_thp),
  };
}

const NOTHING = {
  Private_Dirty: 0,
  Private_Clean: 0,
  Shared_Dirty: 0,
  Shared_Clean: 0,
  LazyFree: 0,
  AnonHugePages: 0,
  Referenced: 0,
};

describe.each([4, 512])("a huge page of %i sub-pages", (nr) => {
  const whole = 4 * nr;
  const mapped = {...NOTHING, Rss: whole, Anonymous: whole};

  it("of one process: all of it private, and all of it huge", () => {
    const s = scene({pages: nr});
    const huge = {Pss: whole, Private_Dirty: whole, AnonHugePages: whole, Referenced: whole};
    expect(smaps(s)).toEqual({...mapped, ...huge});
  });

  it("of one process, split: all of it private, and nothing huge or young", () => {
    const s = scene({pages: nr});
    s.run(s.kernel.madvise_free(s.mms[0]));
    expect(smaps(s)).toEqual({...mapped, Pss: whole, Private_Dirty: whole});
  });

  it("of two processes: half of it is each one's share", () => {
    const s = scene({pages: nr, mms: 2});
    const huge = {Pss: whole / 2, Shared_Dirty: whole, AnonHugePages: whole, Referenced: whole};
    expect(smaps(s)).toEqual({...mapped, ...huge});
  });

  it("of two processes, split: half of it is each one's share", () => {
    const s = scene({pages: nr, mms: 2});
    s.run(s.kernel.split_huge_pages_pid(s.mms[0]));
    expect(smaps(s)).toEqual({...mapped, Pss: whole / 2, Shared_Dirty: whole});
  });
});

it("Pss is kept as bytes << 12: a third of a page is 1365 bytes", () => {
  const s = scene({pages: 4, mms: 3});
  const {pss} = s.run(s.kernel.show_smap(s.mms[0]));
  expect(Math.floor(pss / 4 / 4096)).toBe(1365);
});

it("smaps changes nothing", () => {
  const s = scene();
  const before = s.machine.memory.halves.slice();
  s.run(s.kernel.show_smap(s.mms[0]));
  expect(s.machine.memory.halves).toEqual(before);
});
