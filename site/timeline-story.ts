// Who is who in the memory of a run: struct pages and what each of them is just now, page tables and what their entries name, and
// who has a reference, a lock or a frozen count. Read off the words of the trace and their kernel names.

import type {Step, Trace} from "../src/explore/trace.ts";
import {type Held, heldAt} from "./timeline-held.ts";
import type {WordState} from "./timeline-state.ts";
import {cpuName} from "./timeline-words.ts";

/** A struct page, `page[3]`: its words by the name of their field. */
export type StructPage = {readonly name: string; readonly fields: ReadonlyMap<string, number>};

/** The page table of a process: its PMD, and the PTEs below it. Words of the trace; `pmd` is -1 where the trace has none. */
export type Table = {
  readonly name: string;
  readonly pmd: number;
  readonly ptes: readonly number[];
};

/** What matters of a struct page in this story, in this order. The other fields of it are told when they are touched. */
export const CARD_FIELDS = [
  "flags",
  "_refcount",
  "_mapcount",
  "compound_head",
  "compound_mapcount",
] as const;

export function structPages({words}: Trace): StructPage[] {
  const pages = new Map<string, Map<string, number>>();
  for (const [word, {group, field}] of words.entries()) {
    if (!/^page\[\d+\]$/.test(group)) continue;
    pages.set(group, (pages.get(group) ?? new Map<string, number>()).set(field, word));
  }
  const numberOf = ({name}: StructPage): number => Number(/\d+/.exec(name)?.[0]);
  return [...pages]
    .map(([name, fields]) => ({name, fields}))
    .sort((a, b) => numberOf(a) - numberOf(b));
}

export function tables({words}: Trace): Table[] {
  const found = new Map<string, {name: string; pmd: number; ptes: number[]}>();
  for (const [word, {group, field}] of words.entries()) {
    const isPte = /^pte\[\d+\]$/.test(field);
    if (!isPte && field !== "pmd") continue;
    const table = found.get(group) ?? {name: group, pmd: -1, ptes: []};
    if (isPte) table.ptes.push(word);
    else table.pmd = word;
    found.set(group, table);
  }
  return [...found.values()];
}

/** `head`, `tail of page[0]`, `on its own`; empty where the trace does not know its flags. */
export function roleOf({fields}: StructPage, state: readonly WordState[]): string {
  const naming = state[fields.get("compound_head") ?? -1]?.names;
  if (naming?.how === "tail") return `tail of ${naming.to}`;
  const flags = state[fields.get("flags") ?? -1];
  if (!flags) return "";
  return flags.text.split("|").includes("head") ? "head" : "on its own";
}

/** The page that a tail names as its head, or null. */
export function headOf({fields}: StructPage, state: readonly WordState[]): string | null {
  const naming = state[fields.get("compound_head") ?? -1]?.names;
  return naming?.how === "tail" ? naming.to : null;
}

/** `frozen by CPU 1`, `locked by CPU 1`, `CPU 0 has a reference`: as far as it can be known. */
export function claimsOn(
  {name}: StructPage,
  trace: Trace,
  all: readonly Held[],
  at: number,
): string[] {
  const own = heldAt(all, at).filter(({group}) => group === name);
  const frozen = own.filter(({what}) => what === "frozen");
  const locked = own.filter(({what}) => what === "lock");
  // Whoever has frozen a count had one reference of their own, and it is not counted any more.
  const referenced = frozen.length > 0 ? [] : referencesTo(name, trace, at);
  return [
    ...frozen.map(({thread}) => `frozen by ${cpuName(thread)}`),
    ...locked.map(({thread}) => `locked by ${cpuName(thread)}`),
    ...referenced.map((thread) => `${cpuName(thread)} has a reference`),
  ];
}

const takesReference = /^(try_)?get_(page|compound_head)|^page_cache_get_speculative/;
const dropsReference = /^put_(page|compound_head)/;
/** Whoever maps or unmaps a page does it for an entry, whose reference it is. */
const forEntry = /^(try_to_unmap_one|remove_migration_pte)$/;

/** The CPUs that have taken a reference to the page by a function that is for that, and have not put it. */
function referencesTo(page: string, trace: Trace, at: number): number[] {
  const count = trace.threads.map(() => 0);
  const isIn = ({places}: Step, name: RegExp): boolean =>
    places.some((place) => name.test(place.function));
  let value = trace.words.find((word) => isCountOf(word, page))?.value ?? 0;
  for (const step of trace.steps.slice(0, at + 1)) {
    const change = step.changes.find(({word}) => isCountOf(trace.words[word], page));
    if (!change) continue;
    const isTheirs = !isIn(step, forEntry);
    if (isTheirs && change.value > value && isIn(step, takesReference)) count[step.thread]++;
    if (isTheirs && change.value < value && isIn(step, dropsReference)) count[step.thread]--;
    value = change.value;
  }
  return [...count.keys()].filter((thread) => count[thread] > 0);
}

function isCountOf({group, field}: {group: string; field: string}, page: string): boolean {
  return group === page && field === "_refcount";
}

/** Entries that name the page: `mm0.pte[3], a migration entry`. */
export function namedBy(page: string, trace: Trace, state: readonly WordState[]): string[] {
  return tables(trace).flatMap(({pmd, ptes}) => {
    const entries = [...(pmd < 0 ? [] : [pmd]), ...ptes];
    return entries
      .filter((word) => state[word].names?.to === page)
      .map((word) => {
        const isMigration = state[word].names?.how === "migration";
        return `${trace.words[word].name}${isMigration ? ", a migration entry" : ""}`;
      });
  });
}

/** Who holds the lock that a word is: by its name, `mm0.ptl`. */
export function holdersOf(name: string, all: readonly Held[], at: number): string {
  const holders = heldAt(all, at).filter(
    (each) => each.name === name || each.name.startsWith(`${name}, for`),
  );
  return [...new Set(holders.map(({thread}) => cpuName(thread)))].join(", ");
}
