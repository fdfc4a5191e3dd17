// What the words of each struct page have to say between two operations: references are mappings, pins and caches, and nothing else, since
// nobody holds a page for a moment only; mapcounts are entries; a frame is free, or somebody knows why it is not.

import type {Page} from "../../mm/index.ts";
import type {Look} from "./look.ts";

export function checkPages(look: Look): string[] {
  const {kernel, taken, used} = look;
  return [
    ...checkFree(look),
    ...[...used].flatMap((page) => checkUsed(look, page)),
    ...taken.flatMap((page) => checkTaken(look, page)),
    ...checkZeroPage(look, kernel.ZERO_PAGE()),
  ];
}

function checkTaken(look: Look, page: Page): string[] {
  const head = look.head_of(page);
  if (head !== page) return checkTail(look, page, head);
  return [...checkHead(look, page), ...checkReferences(look, page), ...checkFlags(look, page)];
}

function checkFree({kernel, free}: Look): string[] {
  return free.odd.map(
    (pfn) => `${kernel.pfn_to_page(pfn).name} is free, and has references or flags`,
  );
}

function checkUsed({is_free, uses}: Look, page: Page): string[] {
  const {ptes, pmds, piped, pinned, cached} = uses(page);
  const users = ptes.length + pmds.length + piped + pinned + cached;
  return says(is_free(page), `${page.name} is free, and ${users} use it`);
}

function checkTail({kernel, machine, read, flag, uses}: Look, page: Page, head: Page) {
  const n = (page.address - head.address) / (kernel.nth_page(head, 1).address - head.address);
  const {pmds, piped, pinned} = uses(page);
  return [
    ...says(
      !flag(head, kernel.PG_head) || n < 1 || n >= machine.pages,
      `${page.name} says that it is a tail of ${head.name}, which is no head of it`,
    ),
    ...says(read(page._refcount) !== 0, `${page.name} is a tail, and has references`),
    ...says(flag(page, kernel.PG_head), `${page.name} is a tail and a head`),
    ...says(
      pmds.length + piped + pinned > 0,
      `${page.name} is a tail, and is used as if it were a head`,
    ),
  ];
}

function checkHead(look: Look, page: Page): string[] {
  const {kernel, machine, read, flag, head_of, parts, is_free} = look;
  if (!flag(page, kernel.PG_head)) return [];
  const [, first, ...others] = parts(page);
  const tails = [first, ...others];
  const stray = tails.find((tail) => is_free(tail) || head_of(tail) !== page);
  return [
    ...says(stray !== undefined, `${stray?.name} is no tail of the head ${page.name}`),
    ...says(
      read(first.compound_nr) !== machine.pages ||
        2 ** read(first.compound_order) !== machine.pages ||
        read(first.compound_dtor) !== kernel.TRANSHUGE_PAGE_DTOR,
      `${page.name} heads a compound page of the wrong size or kind`,
    ),
  ];
}

// References and mapcounts

/** Of a small page or of a whole huge one. */
function checkReferences(look: Look, page: Page): string[] {
  const {kernel, read, flag, uses, parts} = look;
  const huge = flag(page, kernel.PG_head);
  const own = uses(page);
  const all = parts(page).map(uses);
  const ptes = sum(all.map((use) => use.ptes.length));
  const cached = sum(all.map((use) => use.cached));
  const pins = pinsOf(look, page);
  const zero = read(kernel.huge_zero().page) === page.address ? 1 : 0;
  const expected = ptes + own.pmds.length + cached + own.piped + pins.references + zero;
  const actual = read(page._refcount);
  const why = `${ptes} PTEs, ${own.pmds.length} PMDs, ${cached} places in a cache, ${own.piped} in pipes, ${own.pinned} pins`;
  return [
    ...says(
      expected === 0 && actual === 0,
      `${page.name} is lost: nobody uses it, nor is it free`,
    ),
    ...says(actual !== expected, `${page.name} has ${actual} references: there are ${why}`),
    ...says(
      pins.counted !== null && pins.counted !== own.pinned,
      `${page.name} counts ${pins.counted} pins: there are ${own.pinned}`,
    ),
    ...(huge ? checkHugeMapcounts(look, page) : checkMapcount(look, page, 0)),
  ];
}

/** A small page has many references for each pin; a huge one has one, and counts them apart as well. */
function pinsOf({kernel, machine, read, flag, uses}: Look, page: Page) {
  const {pinned} = uses(page);
  const apart = flag(page, kernel.PG_head) && machine.pages > 2;
  if (!apart) return {references: pinned * kernel.GUP_PIN_COUNTING_BIAS, counted: null};
  return {references: pinned, counted: read(kernel.compound_pincount_ptr(page))};
}

function checkMapcount({read, uses}: Look, page: Page, more: number): string[] {
  const {ptes} = uses(page);
  const count = read(page._mapcount) + 1;
  return says(
    count !== ptes.length + more,
    `${page.name} has a _mapcount of ${count}: ${ptes.length} PTEs map it${more ? ", and PG_double_map counts one more" : ""}`,
  );
}

/**
 * PG_double_map: each part is counted once more, as long as PMDs map the whole. A page that PMDs and PTEs map need not have it: one that was moved
 * to another frame has lost it, and all counts are right without.
 */
function checkHugeMapcounts(look: Look, head: Page): string[] {
  const {kernel, read, flag, uses, parts} = look;
  const {pmds} = uses(head);
  const both = flag(parts(head)[1], kernel.PG_double_map);
  const count = read(kernel.compound_mapcount_ptr(head)) + 1;
  return [
    ...says(
      count !== pmds.length,
      `${head.name} has a compound_mapcount of ${count}: ${pmds.length} PMDs map it`,
    ),
    ...says(both && pmds.length === 0, `${head.name} has PG_double_map, and no PMD maps it`),
    ...parts(head).flatMap((part) => checkMapcount(look, part, both ? 1 : 0)),
  ];
}

// Flags

function checkFlags(look: Look, page: Page): string[] {
  const {kernel, read, flag, uses, parts} = look;
  const has = (bit: number) => flag(page, bit);
  const mapped =
    parts(page).some((part) => uses(part).ptes.length > 0) || uses(page).pmds.length > 0;
  const anon = (read(page.mapping) & kernel.PAGE_MAPPING_ANON) !== 0;
  const cached = parts(page).some((part) => uses(part).cached > 0);
  return [
    ...says(has(kernel.PG_locked), `${page.name} is locked, and nobody is there`),
    ...says(
      (mapped || cached) && !has(kernel.PG_uptodate),
      `${page.name} is used, and is not PG_uptodate`,
    ),
    ...says(
      mapped && !anon && !cached,
      `${page.name} is mapped, and belongs to no anon_vma and no cache`,
    ),
    ...says(
      (mapped || cached) && !has(kernel.PG_lru),
      `${page.name} is used, and is not on the LRU list`,
    ),
    ...says(
      has(kernel.PG_active) && has(kernel.PG_unevictable),
      `${page.name} is PG_active and PG_unevictable`,
    ),
    ...says(
      has(kernel.PG_mlocked) !== has(kernel.PG_unevictable),
      `${page.name}: PG_mlocked and PG_unevictable are not one`,
    ),
    ...says(
      has(kernel.PG_mlocked) && !mapped,
      `${page.name} is locked in memory, and nobody maps it`,
    ),
    ...checkMlocked(look, page),
  ];
}

/**
 * A page that is locked in memory is so for some range. One exception: MREMAP_DONTUNMAP of a part of a range unlocks all of it, and not the pages that
 * stay. That is what the kernel does.
 */
function checkMlocked(look: Look, page: Page): string[] {
  const {kernel, done, flag, uses, parts} = look;
  if (!flag(page, kernel.PG_mlocked) || done.has("mremap_dontunmap")) return [];
  const mappings = parts(page).flatMap((part) => [...uses(part).ptes, ...uses(part).pmds]);
  const locked = mappings.some(({vma}) => vma !== null && vma.vm_flags & kernel.VM_LOCKED);
  return says(
    mappings.length > 0 && !locked,
    `${page.name} is locked in memory, and no range that maps it is`,
  );
}

/** Nobody counts its mappings; a pipe may hold it. */
function checkZeroPage({read, uses}: Look, zero: Page): string[] {
  const references = 1 + uses(zero).piped;
  return says(
    read(zero._refcount) !== references || read(zero._mapcount) !== -1,
    `the zero page has ${read(zero._refcount)} references, where ${references} are right, and a _mapcount of ${read(zero._mapcount)}`,
  );
}

/** One sentence, if something is wrong. */
export function says(wrong: boolean, sentence: string): string[] {
  return wrong ? [sentence] : [];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
