// What can be seen of a machine after an operation, for somebody who reads: smaps as it is printed, and beside it page tables and struct
// pages. What is alike and lies side by side is one row.

import type {Mm, Page, Pmd, Pte} from "../mm/index.ts";
import type {LinkedMachine} from "./linked_machine.ts";
import type {ProcessName} from "./trace.ts";

/** Entries of a page table that say the same of pages and frames that follow each other. */
export type EntryRun = {
  /** Pages of the process's memory, from its first. */
  readonly from: number;
  readonly n: number;
  /** A PMD that maps a huge page; a PTE; one of a page that is in swap space; one of the zero page. */
  readonly kind: "huge" | "page" | "swap" | "zero" | "huge zero";
  /** The first frame, or slot of swap space. */
  readonly frame: number;
  /** What the entry allows, and what the processor has noted in it. */
  readonly bits: string;
};

/** Struct pages that follow each other and say the same. */
export type PageRun = {
  readonly frame: number;
  readonly n: number;
  readonly kind: "page" | "head" | "tail";
  readonly refcount: number;
  /** Of the page by itself: how many PTEs map it. */
  readonly mapcount: number;
  /** Of a head: how many PMDs map the whole. */
  readonly compound_mapcount: number | null;
  readonly flags: string;
};

export type ProcessLook = {
  /** What /proc/PID/smaps prints. */
  readonly smaps: string;
  readonly entries: readonly EntryRun[];
};

export type Look = {
  readonly processes: Readonly<Partial<Record<ProcessName, ProcessLook>>>;
  /** Of all frames that somebody maps, and the other parts of their huge pages. */
  readonly pages: readonly PageRun[];
};

export function lookAt(machine: LinkedMachine): Look {
  const processes = [...machine.processes].map(([name, mm]): [ProcessName, ProcessLook] => {
    const smaps = machine.run(machine.kernel.pid_smaps_read(mm));
    return [name, {smaps, entries: entriesOf(machine, mm)}];
  });
  const mapped = processes.flatMap(([, {entries}]) => framesOf(entries));
  return {processes: Object.fromEntries(processes), pages: pagesOf(machine, mapped)};
}

// Page tables

function entriesOf(machine: LinkedMachine, mm: Mm): EntryRun[] {
  const {kernel} = machine;
  const each = machine.machine.pages;
  const runs = mm.pmds.flatMap((cell, i) => {
    const pmd = machine.machine.memory.read(cell) as Pmd;
    if (pmd === 0) return [];
    if (kernel.pmd_trans_huge(pmd)) return [hugeEntry(machine, pmd, i * each, each)];
    const table = kernel.pmd_table(pmd);
    return table.pte.flatMap((word, j) => {
      const pte = machine.machine.memory.read(word) as Pte;
      return pte === 0 ? [] : [smallEntry(machine, pte, i * each + j)];
    });
  });
  return joined(runs, (a, b) => {
    const next = a.from + a.n === b.from;
    const frames = a.kind === "zero" ? a.frame === b.frame : a.frame + a.n === b.frame;
    const alike = a.kind === b.kind && a.bits === b.bits;
    return next && frames && alike && !a.kind.startsWith("huge");
  });
}

function hugeEntry({kernel}: LinkedMachine, pmd: Pmd, from: number, n: number): EntryRun {
  const page = kernel.pmd_page(pmd);
  const kind = kernel.is_huge_zero_page(page) ? "huge zero" : "huge";
  const bits = bitsOf(kernel.pmd_write(pmd), kernel.pmd_young(pmd), kernel.pmd_dirty(pmd));
  return {from, n, kind, frame: frameOf(kernel, page), bits};
}

function smallEntry({kernel}: LinkedMachine, pte: Pte, from: number): EntryRun {
  if (!kernel.pte_present(pte))
    return {from, n: 1, kind: "swap", frame: kernel.swp_offset(pte), bits: ""};
  const kind = kernel.pte_special(pte) ? "zero" : "page";
  const bits = bitsOf(kernel.pte_write(pte), kernel.pte_young(pte), kernel.pte_dirty(pte));
  return {from, n: 1, kind, frame: frameOf(kernel, kernel.pte_page(pte)), bits};
}

function bitsOf(write: boolean, young: boolean, dirty: boolean): string {
  return [write ? "rw" : "r", ...(young ? ["young"] : []), ...(dirty ? ["dirty"] : [])].join(
    " ",
  );
}

/** Counted from the first frame of the machine, as the names of struct pages are. */
function frameOf(kernel: LinkedMachine["kernel"], page: Page): number {
  return kernel.page_to_pfn(page) - kernel.FIRST_PFN;
}

// Struct pages

function framesOf(entries: readonly EntryRun[]): number[] {
  return entries
    .filter(({kind}) => kind !== "swap")
    .flatMap(({kind, frame, n}) =>
      kind === "zero" ? [frame] : Array.from({length: n}, (_, i) => frame + i),
    );
}

function pagesOf(machine: LinkedMachine, mapped: readonly number[]): PageRun[] {
  const rows = withAllParts(machine, mapped).map((frame) => pageRow(machine, frame));
  return joined(rows, (a, b) => {
    const alike = a.refcount === b.refcount && a.mapcount === b.mapcount && a.flags === b.flags;
    return alike && a.kind === b.kind && a.kind !== "head" && a.frame + a.n === b.frame;
  });
}

/** With those parts of their huge pages that nobody maps. */
function withAllParts(machine: LinkedMachine, mapped: readonly number[]): number[] {
  const heads = new Set(mapped.flatMap((frame) => headOf(machine, frame) ?? []));
  const parts = [...heads].flatMap((head) =>
    Array.from({length: machine.machine.pages}, (_, i) => head + i),
  );
  return [...new Set([...mapped, ...parts])].sort((a, b) => a - b);
}

/** The first frame of the huge page that a frame is a part of; null if it is none. */
function headOf(machine: LinkedMachine, frame: number): number | null {
  const {kernel} = machine;
  const page = pageAt(machine, frame);
  const link = machine.machine.memory.read(page.compound_head);
  if (link % 2 !== 0) return frameOf(kernel, kernel.page_at(link - 1));
  return isHead(machine, page) ? frame : null;
}

function isHead({kernel, machine}: LinkedMachine, page: Page): boolean {
  return ((machine.memory.read(page.flags) >>> kernel.PG_head) & 1) === 1;
}

function pageAt({kernel}: LinkedMachine, frame: number): Page {
  return kernel.pfn_to_page(kernel.FIRST_PFN + frame);
}

function pageRow(machine: LinkedMachine, frame: number): PageRun {
  const {kernel} = machine;
  const {memory} = machine.machine;
  const page = pageAt(machine, frame);
  const head = headOf(machine, frame);
  const kind = head === null ? "page" : head === frame ? "head" : "tail";
  const whole = kind === "head" ? memory.read(kernel.compound_mapcount_ptr(page)) + 1 : null;
  return {
    ...{frame, n: 1, kind, compound_mapcount: whole},
    refcount: memory.read(page._refcount),
    mapcount: memory.read(page._mapcount) + 1,
    flags: kernel.print_flags(memory.read(page.flags)),
  };
}

/** Rows that `follows` joins become one. */
function joined<Row extends {readonly n: number}>(
  rows: readonly Row[],
  follows: (before: Row, next: Row) => boolean,
): Row[] {
  const runs: Row[] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && follows(last, row)) runs[runs.length - 1] = {...last, n: last.n + row.n};
    else runs.push(row);
  }
  return runs;
}
