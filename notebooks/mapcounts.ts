// Whoever asks how often a page is mapped, judged by what he reads and what he holds, whatever his functions are called: a student may go around
// page_mapcount(), and then no check of the kernel's own looks at what he does.

import type {Monitor, WatchedStep} from "../src/explore/index.ts";
import {cell, type Cell, type Machine, type Memory} from "../src/sim/index.ts";
import {heldPageIsLookedAt} from "../src/races/held.ts";
import type {Kernel, Race} from "../src/races/index.ts";
import {asking} from "./asking.ts";

type Page = ReturnType<Kernel["pfn_to_page"]>;

export const NO_TORN_COUNT = "no torn count";
export const RIGHT_PAGE = "the reference is on the page that is looked at";

/** The book's race in which somebody counts while a huge page is split, with other eyes on who counts: the kernel calls `judges` for each page. */
export function counting(name: string, judges: string): Race {
  const race = asking(name);
  return {
    ...race,
    name: `${name}+counting`,
    stage(kernel, machine, parameters) {
      const scene = race.stage(kernel, machine, parameters);
      const threads = scene.threads.length;
      const lookers = threads - 1;
      const looking = {kernel, pages: pagesOf(kernel, machine), lookers, threads};
      const {own = []} = scene.monitors.find((monitor) => monitor.name === LEDGER)!;
      const others = scene.monitors.filter(
        (monitor) => monitor.name !== BOOKS_TORN && monitor.name !== RIGHT_PAGE,
      );
      return {
        ...scene,
        monitors: [
          ...others,
          noTornCount(looking, judges, machine),
          heldPageIsLookedAt(
            {kernel, pages: looking.pages.slice(0, -1), mms: []},
            own,
            lookers,
            null,
          ),
        ],
      };
    },
  };
}

const BOOKS_TORN = "no torn mapcount";
const LEDGER = "references are put where they were taken";

type Looking = {
  readonly kernel: Kernel;
  /** From the first one on, and the one behind the last: it stands where a first tail would. */
  readonly pages: readonly Page[];
  /** The first so many threads look. */
  readonly lookers: number;
  readonly threads: number;
};

function pagesOf(kernel: Kernel, machine: Machine): Page[] {
  const first = kernel.pfn_to_page(kernel.FIRST_PFN);
  const pages = Array.from({length: machine.pages}, (_, i) => kernel.nth_page(first, i));
  return [...pages, kernel.nth_page(first, machine.pages)];
}

/**
 * The two words of a huge page that stand in its first tail are garbage once the page is no head, or once something was written over them. Reading
 * them is no mistake if the thread looks afterwards and sees that they were: then it knows. An answer without that look is torn.
 */
function noTornCount(
  {kernel, pages, lookers, threads}: Looking,
  judges: string,
  machine: Machine,
): Monitor {
  const {memory} = machine;
  // A bit for each page that was taken for a head.
  const ghosts = Array.from({length: threads}, (_, t) =>
    cell("ghost", `garbage[${t}]`, memory.allocate(4), 4),
  );
  const heads = pages.slice(0, -1);
  const firstTail = (n: number) => pages[n + 1];
  const at = (word: (n: number) => Cell) => new Map(heads.map((_, n) => [word(n).address, n]));
  const counts = at((n) => firstTail(n).compound_mapcount);
  const halvesOfLists = at((n) => firstTail(n).lru.prev);
  const bits = at((n) => firstTail(n).flags);
  const flags = at((n) => heads[n].flags);
  const links = new Map(pages.map((page) => [page.compound_head.address, page]));

  const isBit = ({act, answer, operand}: WatchedStep["operation"], bit: number) =>
    act === "load" && (answer === "old" || operand === bit);
  /** The page that is taken for a head by this, or -1. */
  function taken(operation: WatchedStep["operation"]): number {
    const {answer, cell: word} = operation;
    if (answer === "nothing") return -1;
    if (word.bytes === 4 && counts.has(word.address)) return counts.get(word.address)!;
    if (word.bytes === 8 && halvesOfLists.has(word.address))
      return halvesOfLists.get(word.address)!;
    const isDoubleMap = answer === "bit" && operation.operand === kernel.PG_double_map;
    return isDoubleMap && word.bytes === 8 ? (bits.get(word.address) ?? -1) : -1;
  }
  function isGarbage(n: number, {cell: word}: WatchedStep["operation"], now: Memory): boolean {
    const isHead = (now.read(heads[n].flags) >>> kernel.PG_head) & 1;
    if (!isHead) return true;
    if (now.read(firstTail(n).compound_head) === heads[n].address + 1) return false;
    // The first tail has left. Until something is written over its word, that is still the count.
    return word.bytes === 4 && now.read(word) < -1;
  }
  /** Pages of which this load shows that they are no heads, or that their parts have left. */
  function shown(operation: WatchedStep["operation"], now: Memory): number {
    const {act, cell: word} = operation;
    if (act !== "load") return 0;
    const head = flags.get(word.address);
    if (head !== undefined && isBit(operation, kernel.PG_head))
      return (now.read(word) >>> kernel.PG_head) & 1 ? 0 : 1 << head;
    const page = links.get(word.address);
    if (page === undefined || word.bytes !== 8) return 0;
    const value = now.read(word);
    // Itself no part of any page before it: those have lost it.
    return heads.reduce(
      (sum, it, n) =>
        it.address < page.address && value !== it.address + 1 ? sum | (1 << n) : sum,
      0,
    );
  }

  return {
    name: NO_TORN_COUNT,
    ghosts,
    own: ghosts.map((ghost) => [ghost]),
    watches: (operation) =>
      taken(operation) >= 0 ||
      (operation.act === "load" &&
        ((flags.has(operation.cell.address) && isBit(operation, kernel.PG_head)) ||
          links.has(operation.cell.address))),
    looksAt(operation) {
      const n = taken(operation);
      return n < 0 ? [operation.cell] : [heads[n].flags, firstTail(n).compound_head];
    },
    before({operation, thread}, now) {
      if (thread >= lookers) return null;
      const n = taken(operation);
      const seen = now.read(ghosts[thread]) & ~shown(operation, now);
      now.write(
        ghosts[thread],
        n >= 0 && isGarbage(n, operation, now) ? seen | (1 << n) : seen,
      );
      return null;
    },
    judges,
    answered(_value, _functions, thread, now) {
      const read = now.read(ghosts[thread]);
      now.write(ghosts[thread], 0);
      if (read === 0 || thread >= lookers) return null;
      const {name} = heads[31 - Math.clz32(read)];
      return `${judges}() has answered with what it read behind ${name} when that was no head any more`;
    },
  };
}
