// Assignment 3: entries of pages that are on the move: written, read, and counted.

import {holds, toAssignment, values} from "../../src/grade/index.ts";
import {UserError} from "../../src/livepatch/index.ts";
import type {Pte} from "../../src/mm/index.ts";
import {run_alone, type Machine, type Op} from "../../src/sim/index.ts";
import {unhindered_migration} from "../asking.ts";
import {SWAP_FILES, variants} from "../variants.ts";

const READING = ["swp_type", "swp_offset", "is_migration_entry", "is_write_migration_entry"];
const NAMING = ["make_migration_entry", "migration_entry_to_page"];
const COUNTING = ["smaps_pte_entry"];

const READ = 28;
const WRITE = 29;
const PRESENT = 1;

function entry(frame: number, type: number, bits = 0): Pte {
  return (frame * 4096 + type * 128 + bits) as Pte;
}

function hex(value: unknown): string {
  return typeof value === "number" ? `0x${value.toString(16)}` : String(value);
}

/** How a run ends: with a BUG of the kernel's, or not. What the student's own code throws is neither. */
function ending(op: Op<unknown>, machine: Machine): "BUG" | "no BUG" {
  try {
    run_alone(op, machine);
    return "no BUG";
  } catch (error) {
    if (error instanceof UserError) throw error;
    return "BUG";
  }
}

const on = {pages: 8, pgflags: true};

export const assignment = toAssignment({
  name: "03-migration-entries",
  title: "Migration entries",
  answers: [
    {cell: 20, defines: READING},
    {cell: 30, defines: NAMING},
    {cell: 40, defines: COUNTING},
  ],
  variant: variants["03-migration-entries"],
  properties: [
    values({
      id: "type-and-frame",
      title: "The type and the frame of an entry are read.",
      points: 1,
      needs: READING,
      *cases({kernel}, {frame, type}) {
        for (const [f, t] of [
          [frame, READ],
          [frame + 1, WRITE],
          [frame, type],
          [1, 1],
          [0x5ffff, 31],
        ]) {
          const pte = entry(f, t);
          const asks = (name: string) => `${name}(${hex(pte)})`;
          yield {asks: asks("swp_type"), answer: () => kernel.swp_type(pte), expected: t};
          yield {asks: asks("swp_offset"), answer: () => kernel.swp_offset(pte), expected: f};
        }
      },
    }),
    values({
      id: "which-is-which",
      title:
        "A migration entry is told from an empty one, a present one and one of a swap file, and one for writing from one for reading.",
      points: 2,
      needs: READING,
      *cases({kernel}, {frame, type}) {
        const all: [Pte, boolean, boolean][] = [
          [entry(frame, READ), true, false],
          [entry(frame, WRITE), true, true],
          [entry(frame, type), false, false],
          [entry(frame, SWAP_FILES), false, false],
          [entry(frame, 30), false, false],
          [entry(frame, 31), false, false],
          [entry(0, 0), false, false],
          [entry(frame, READ, PRESENT), false, false],
          [entry(frame, WRITE, PRESENT), false, false],
        ];
        for (const [pte, migration, write] of all) {
          yield {
            asks: `is_migration_entry(${hex(pte)})`,
            answer: () => kernel.is_migration_entry(pte),
            expected: migration,
          };
          yield {
            asks: `is_write_migration_entry(${hex(pte)})`,
            answer: () => kernel.is_write_migration_entry(pte),
            expected: write,
          };
        }
      },
    }),
    values({
      id: "names-the-page",
      title: "An entry names the very page that it was made for, whatever that is a part of.",
      points: 2,
      needs: NAMING,
      on,
      *cases({kernel, machine}, {page: n}) {
        const head = kernel.pfn_to_page(kernel.FIRST_PFN);
        run_alone(kernel.prep_compound_page(head), machine);
        run_alone(kernel.trylock_page(head), machine);
        for (const i of [n, 0, 7]) {
          const page = kernel.nth_page(head, i);
          for (const write of [true, false]) {
            const pte = entry(kernel.FIRST_PFN + i, write ? WRITE : READ);
            yield {
              asks: `make_migration_entry(page[${i}], ${write})`,
              answer: () => hex(run_alone(kernel.make_migration_entry(page, write), machine)),
              expected: hex(pte),
            };
            yield {
              asks: `migration_entry_to_page(${hex(pte)})`,
              answer: () => run_alone(kernel.migration_entry_to_page(pte), machine),
              expected: page,
            };
          }
        }
      },
    }),
    values({
      id: "only-while-locked",
      title:
        "Making an entry, or asking one for its page, is a BUG unless the head of the page is locked.",
      points: 2,
      needs: NAMING,
      on,
      *cases({kernel, machine}, {page: n}) {
        const head = kernel.pfn_to_page(kernel.FIRST_PFN);
        run_alone(kernel.prep_compound_page(head), machine);
        for (const locked of [false, true]) {
          if (locked) run_alone(kernel.trylock_page(head), machine);
          const of = locked ? "with page[0] locked" : "with page[0] not locked";
          for (const i of [n, 0]) {
            const page = kernel.nth_page(head, i);
            const pte = entry(kernel.FIRST_PFN + i, READ);
            yield {
              asks: `the end of make_migration_entry(page[${i}], false), ${of},`,
              answer: () => ending(kernel.make_migration_entry(page, false), machine),
              expected: locked ? "no BUG" : "BUG",
            };
            yield {
              asks: `the end of migration_entry_to_page(${hex(pte)}), ${of},`,
              answer: () => ending(kernel.migration_entry_to_page(pte), machine),
              expected: locked ? "no BUG" : "BUG",
            };
          }
        }
      },
    }),
    values({
      id: "what-is-counted",
      title:
        "A present entry and a migration entry each count as one page, and a shared page as a part of one; other entries do not count.",
      points: 2,
      needs: COUNTING,
      on,
      *cases({kernel, machine}, {page: n, type, frame, sharers}) {
        const page = kernel.nth_page(kernel.pfn_to_page(kernel.FIRST_PFN), n);
        const young = kernel._PAGE_ACCESSED | kernel._PAGE_DIRTY;
        const mapped = entry(kernel.FIRST_PFN + n, 0, PRESENT | kernel._PAGE_USER);
        const used = entry(kernel.FIRST_PFN + n, 0, PRESENT | kernel._PAGE_USER | young);
        const moving = entry(kernel.FIRST_PFN + n, READ);
        run_alone(kernel.trylock_page(page), machine);
        const whole = kernel.PAGE_SIZE * 2 ** kernel.PSS_SHIFT;
        const shared = Math.floor(whole / sharers);
        const all = [
          {
            pte: mapped,
            of: "a page mapped once",
            mapcount: 1,
            rss: 1,
            pss: whole,
            referenced: 0,
          },
          {pte: used, of: "a page in use", mapcount: 1, rss: 1, pss: whole, referenced: 1},
          {
            pte: mapped,
            of: `a page mapped ${sharers} times`,
            mapcount: sharers,
            rss: 1,
            pss: shared,
            referenced: 0,
          },
          {
            pte: moving,
            of: "a page on the move",
            mapcount: 0,
            rss: 1,
            pss: whole,
            referenced: 0,
          },
          {
            pte: entry(frame, type),
            of: "a page in a swap file",
            mapcount: 0,
            rss: 0,
            pss: 0,
            referenced: 0,
          },
          {pte: 0 as Pte, of: "no page", mapcount: 0, rss: 0, pss: 0, referenced: 0},
        ];
        for (const {pte, of, mapcount, rss, pss, referenced} of all) {
          const mss = kernel.empty_stats();
          yield {
            asks: `the Rss that smaps_pte_entry(${hex(pte)}) counts, of ${of},`,
            answer() {
              machine.memory.write(page._mapcount, mapcount - 1);
              machine.memory.write(page._refcount, mapcount + 1);
              run_alone(kernel.smaps_pte_entry(pte, mss), machine);
              return mss.resident;
            },
            expected: rss * kernel.PAGE_SIZE,
          };
          yield {asks: `its Pss, shifted,`, answer: () => mss.pss, expected: pss};
          yield {
            asks: `what is referenced of it,`,
            answer: () => mss.referenced,
            expected: referenced * kernel.PAGE_SIZE,
          };
          yield {
            asks: `the references of page[${n}] afterwards`,
            answer: () => machine.memory.read(page._refcount),
            expected: mapcount + 1,
          };
        }
      },
    }),
    holds({
      id: "moved-all-the-same",
      title: "Counting does not keep a page from being moved, and leaves its references alone.",
      points: 2,
      needs: COUNTING,
      in: {race: unhindered_migration, set: {pages: 2}, mostSteps: 800},
      some: ["moved", "Rss 8 kB, Pss 8 kB, Private 8 kB, Shared 0 kB, AnonHugePages 0 kB"],
    }),
  ],
});
