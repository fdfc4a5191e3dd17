// What /proc says of a machine agrees with itself: smaps with pagemap and kpagecount, as it does in all that was recorded from real kernels
// (evidence/README.md).

import {hasFlag} from "../kpageflags.ts";
import type {LinkedMachine} from "../linked_machine.ts";
import type {PagemapEntry, ProcessFacts} from "../observe.ts";
import type {ProcessName, Vma} from "../trace.ts";
import {says} from "./pages.ts";

export function checkProc(machine: LinkedMachine): string[] {
  const facts = [...machine.processes].map(
    ([name, mm]) => [name, machine.factsOf(mm)] as const,
  );
  const frames = framesOf(machine);
  return [
    ...facts.flatMap(([name, own]) =>
      own.vmas.flatMap((vma) => checkVma(name, vma, own, frames)),
    ),
    ...facts.flatMap(([name, own]) => checkPagemap(name, own, frames)),
    ...checkShares(
      facts.map(([, own]) => own),
      frames,
    ),
  ];
}

/** What kpagecount and kpageflags say of a frame. */
type Frame = {
  readonly count: number;
  readonly zero: boolean;
  readonly anon: boolean;
  readonly thp: boolean;
  /** Of a huge page, what they say of its first part. */
  readonly head: number;
};

type Frames = (pfn: number) => Frame;

function framesOf({kernel, run}: LinkedMachine): Frames {
  const known = new Map<number, Frame>();
  return (pfn) => {
    const before = known.get(pfn);
    if (before) return before;
    const flags = (of: number) => run(kernel.kpageflags_read(of, 1))[0];
    const count = (of: number) => run(kernel.kpagecount_read(of, 1))[0];
    let head = pfn;
    while (hasFlag(flags(head), "COMPOUND_TAIL")) head--;
    const own = flags(pfn);
    const frame: Frame = {
      count: count(pfn),
      zero: hasFlag(own, "ZERO_PAGE"),
      anon: hasFlag(own, "ANON"),
      thp: hasFlag(own, "THP"),
      head: count(head),
    };
    known.set(pfn, frame);
    return frame;
  };
}

/** A page, in kB, and as Pss is added up. */
const kB = 4;
const WHOLE = 4096 * 2 ** 12;

/** Sizes of one range, from what pagemap and kpagecount say of its pages. The zero page is in none of them. */
function checkVma(name: ProcessName, vma: Vma, {pagemap}: ProcessFacts, frames: Frames) {
  const pages = Array.from({length: vma.to - vma.from}, (_, i) => pagemap.get(vma.from + i));
  const mapped = pages.flatMap((entry) => (entry?.present ? [frames(entry.pfn)] : []));
  const counted = mapped.filter(({zero}) => !zero);
  const shared = counted.filter(({count}) => count > 1);
  const swapped = pages.filter((entry) => entry?.swapped).length;
  const sum = (...fields: readonly string[]) =>
    fields.reduce((all, field) => all + Number(vma[field]), 0);
  // In units of a fraction of a byte, as the kernel keeps it: what it rounds off is rounded off here.
  const pss = counted.reduce((all, {count}) => all + Math.floor(WHOLE / count), 0);
  const said: (readonly [what: string, says: number, is: number])[] = [
    ["Pss", sum("Pss"), Math.floor(pss / (WHOLE / kB))],
    ["Size", sum("Size"), pages.length * kB],
    ["Rss", sum("Rss"), counted.length * kB],
    ["Shared", sum("Shared_Clean", "Shared_Dirty"), shared.length * kB],
    ["Private", sum("Private_Clean", "Private_Dirty"), (counted.length - shared.length) * kB],
    ["Anonymous", sum("Anonymous"), counted.filter(({anon}) => anon).length * kB],
    // What shared memory has in swap space its page tables do not say.
    ...(vma.perms.endsWith("s") ? [] : [["Swap", sum("Swap"), swapped * kB] as const]),
  ];
  const here = `${name}'s range ${vma.from}-${vma.to}`;
  const thp = counted.filter((frame) => frame.thp).length * kB;
  return [
    ...said.flatMap(([what, says_, is]) =>
      says(says_ !== is, `${here}: ${what} is ${says_} kB, and its pages are ${is} kB`),
    ),
    ...says(
      sum("AnonHugePages") > thp,
      `${here}: AnonHugePages is ${sum("AnonHugePages")} kB, and ${thp} kB are of huge pages`,
    ),
    ...says(
      sum("Referenced", "LazyFree") > 2 * sum("Rss") || sum("Locked") > sum("Pss"),
      `${here}: more is Referenced, LazyFree or Locked than is there`,
    ),
  ];
}

/** Of a page that a PMD maps with others, pagemap says what is true of the first. */
function checkPagemap(name: ProcessName, {pagemap}: ProcessFacts, frames: Frames): string[] {
  const wrong = [...pagemap].filter(([, entry]) => !isRight(entry, frames));
  return wrong.map(
    ([page]) => `${name}'s page ${page}: exclusive in pagemap is not what kpagecount says`,
  );
}

function isRight({present, exclusive, pfn}: PagemapEntry, frames: Frames): boolean {
  if (!present) return !exclusive;
  const {count, head, thp, zero} = frames(pfn);
  if (zero) return !exclusive;
  return exclusive === (count === 1) || (thp && exclusive === (head === 1));
}

/** All shares of a page are the page: of what is rounded off, less than 1 kB is lost for each range. */
function checkShares(facts: readonly ProcessFacts[], frames: Frames): string[] {
  const present = facts.flatMap(({pagemap}) =>
    [...pagemap.values()].filter((entry) => entry.present),
  );
  const distinct = new Set(present.map(({pfn}) => pfn).filter((pfn) => !frames(pfn).zero));
  const vmas = facts.flatMap((own) => own.vmas);
  const pss = vmas.reduce((all, vma) => all + Number(vma.Pss), 0);
  const size = distinct.size * kB;
  return says(
    pss > size || pss < size - vmas.length,
    `all shares are ${pss} kB, and the pages that somebody maps are ${size} kB`,
  );
}
