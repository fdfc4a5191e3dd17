// Swap space: a slot's byte counts the entries that name it, and says whether the swap cache has a page for it.

import type {Page, Pte} from "../../mm/index.ts";
import type {Look} from "./look.ts";
import {says} from "./pages.ts";

export function checkSwap(look: Look): string[] {
  return [...checkSlots(look), ...checkCache(look)];
}

function checkSlots({kernel, machine, read, swapped}: Look): string[] {
  const {i_pages} = kernel.swapper_space();
  const {inuse_pages, cluster_count} = kernel.swap_info();
  if (read(inuse_pages) + swapped.size + i_pages.size === 0) return [];
  const wrong: string[] = [];
  const counts = cluster_count.map(() => 0);
  // The first slot is the header's.
  counts[0] = 1;
  let inuse = 0;
  for (let offset = 1; offset < kernel.nr_slots(); offset++) {
    const value = read(kernel.swap_map(offset));
    const entries = swapped.get(offset) ?? 0;
    const cache = i_pages.has(offset) ? kernel.SWAP_HAS_CACHE : 0;
    if (value !== 0) counts[Math.floor(offset / machine.pages)]++;
    if (value !== 0) inuse++;
    if (value === entries + cache) continue;
    wrong.push(
      `slot ${offset} says ${value}: ${entries} entries name it, and the swap cache has ${cache ? "a" : "no"} page for it`,
    );
  }
  const said = read(inuse_pages);
  return [
    ...wrong,
    ...says(said !== inuse, `${inuse} slots are in use, and swap space says ${said}`),
    ...says(
      cluster_count.some((count, i) => read(count) !== counts[i]),
      "a cluster of slots has lost count of those that are in use",
    ),
  ];
}

function checkCache(look: Look): string[] {
  const {kernel, read, taken, flag, head_of, parts, uses} = look;
  const {i_pages} = kernel.swapper_space();
  const heads = taken.filter((page) => head_of(page) === page);
  const shared = (page: Page) => (read(page.mapping) & kernel.PAGE_MAPPING_ANON) === 0;
  return [
    ...[...i_pages].flatMap(([offset, page]) => checkCached(look, offset, page)),
    ...heads.flatMap((page) => {
      const cached = parts(page).every((part) => uses(part).cached > 0);
      const says_so = flag(page, kernel.PG_swapcache) && flag(page, kernel.PG_swapbacked);
      return says(
        says_so ? !cached : cached && !shared(page),
        `${page.name} says that it is ${says_so ? "" : "not "}in the swap cache, and is ${says_so ? "not" : "in it"}`,
      );
    }),
  ];
}

function checkCached(look: Look, offset: number, page: Page): string[] {
  const {kernel, read, flag, head_of, uses} = look;
  const head = head_of(page);
  const mappings = [...uses(page).ptes, ...uses(head).pmds];
  const written = mappings.some(({entry}) => kernel.pte_dirty(entry as Pte));
  const clean = !written && !flag(head, kernel.PG_dirty);
  return [
    ...says(
      kernel.swp_offset(read(page.private) as Pte) !== offset,
      `${page.name} is in the swap cache for slot ${offset}, and names another`,
    ),
    ...says(
      clean && read(kernel.page_address(page)) !== read(kernel.swap_slot(offset)),
      `${page.name} is clean, and its slot of swap space has something else`,
    ),
  ];
}
