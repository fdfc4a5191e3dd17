// The fixes that the book compares, in the order of the story. Each is a livepatch named by what it does: text here, as a reader's edit is.

/** As src/livepatch/link.ts has it, and one sentence for tables. */
export type Fix = {readonly name: string; readonly about: string; readonly text: string};

const texts = import.meta.glob<string>("./*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** In the order in which they were thought of: the thread, its primitives, what upstream did; then those for GUP-fast. */
const ABOUT = {
  reference_without_recheck:
    "take a reference on the head first, and skip the page if there is none",
  yang_shi_draft: "the same inside smaps_account(), once the page is in Rss",
  reference_recheck_skip:
    "take a reference, look again whether it is the right page, skip it if not",
  reference_recheck_retry: "take a reference, look again, and begin again until it is right",
  get_page_unless_zero: "take a reference on the page itself, and skip it if it has none",
  try_get_page: "look at the count of the head, then increment it",
  page_trylock: "try to lock the page, and skip it if somebody else has",
  wait_for_migration_entry: "sleep until the page is unlocked, and look again",
  skip_migration_entries: "do not count pages that are on the move",
  count_migration_entries_once: "count them as mapped once (upstream, 2022)",
  maybe_shared: "count them in full, and never as private (upstream, 2024)",
  snapshot_page: "copy the words first, look whether they belong together (upstream, 2025)",
  no_double_map_check: "take out the check that crashes",
  no_double_map: "do without PG_double_map (upstream, 2022)",
  gup_recheck_head: "GUP-fast looks again whether its head is still the head (upstream, 2021)",
  gup_recheck_pmd: "GUP-fast looks again at the PMD (upstream, 2022)",
};

/** Held against no race by itself: it is asked for together with one of those above. */
const BESIDE = {
  order_head_count:
    "the head of a split gets its count back after everything else (nobody has sent this)",
};

export const fixes: readonly Fix[] = Object.entries(ABOUT).map(fixOf);

/** Those that are asked for by name. */
export const allFixes: readonly Fix[] = [...fixes, ...Object.entries(BESIDE).map(fixOf)];

export function fixNamed(name: string): Fix | undefined {
  return allFixes.find((fix) => fix.name === name);
}

function fixOf([name, about]: readonly [name: string, about: string]): Fix {
  return {name, about, text: texts[`./${name}.ts`]};
}
