// Any sequence of operations leaves the machine's books in order: references, mapcounts and slots of swap space are what the page tables, the
// caches and the pins say.

import fc from "fast-check";
import {expect, it} from "vitest";
import {LinkedMachine} from "../../src/recorded/linked_machine.ts";
import {operations} from "../../src/recorded/operations.ts";
import type {Op, ProcessName} from "../../src/recorded/trace.ts";
import {v5_13} from "../support.ts";
import {complaints} from "./ledger.ts";

const H = 8;
const OPTIONS = {
  ...{pages: H, pgflags: true, pmds: 12, syscalls: true, nodes: [80 * H, 40 * H]},
};

const OFTEN = [
  ...["write", "write", "write", "read", "fork", "munmap", "mprotect", "mremap"],
  ...["madv_free", "madv_cold", "madv_pageout", "madv_pageout", "madv_dontneed"],
  ...["drop_slab", "debugfs_split", "move_pages", "mlock", "munlock", "vmsplice", "uring_pin"],
];

/** A place of the arena: one in two begins at a huge page. */
const place = (huge: number) =>
  fc.oneof(
    fc.nat(huge - 1).map((n) => n * H),
    fc.nat(huge * H - 1),
  );

const operation = fc
  .record({
    proc: fc.constantFrom<ProcessName>("parent", "parent", "child1", "child2"),
    name: fc.oneof(fc.constantFrom(...OFTEN), fc.constantFrom(...Object.keys(operations))),
    a: place(6),
    b: fc.oneof(fc.constantFrom(H, 2 * H), fc.integer({min: 1, max: 2 * H})),
    to: place(4),
    n: fc.nat(3),
  })
  .map(({to, n, ...op}): Op => ({...op, c: argument(op.name, op.b, to, n)}));

function argument(name: string, b: number, to: number, n: number): number {
  if (name === "mremap" || name === "mremap_dontunmap") return 6 * H + to;
  if (name === "mremap_resize") return Math.max(1, b + n - 2);
  if (name === "mprotect") return n === 2 ? 3 : n;
  if (name === "move_pages" || name === "thp_disable") return n % 2;
  return name === "clear_refs" ? 1 + n : n === 3 ? H : 0;
}

const BEGINNING: readonly Op[] = [
  {proc: "parent", name: "mmap", a: 0, b: 4 * H, c: 0},
  {proc: "parent", name: "madv_hugepage", a: 0, b: 4 * H, c: 0},
  {proc: "parent", name: "mmap_shared", a: 4 * H, b: 2 * H, c: 0},
  {proc: "parent", name: "madv_nohugepage", a: 3 * H, b: H, c: 0},
  {proc: "parent", name: "write", a: 0, b: 5 * H, c: 1},
];

/** Can it be done at all? */
function possible({processes}: LinkedMachine, {proc, name}: Op): boolean {
  if (name === "fork") return proc !== "parent" && !processes.has(proc);
  if (name === "exit") return proc !== "parent" && processes.has(proc);
  if (name === "pvm_write_child") return processes.has("child1");
  return processes.has(proc);
}

it("references, mapcounts and slots of swap space add up after each operation", () => {
  fc.assert(
    fc.property(fc.array(operation, {minLength: 4, maxLength: 16}), (ops) => {
      const machine = new LinkedMachine(v5_13, OPTIONS);
      for (const op of [...BEGINNING, ...ops]) {
        if (!possible(machine, op)) continue;
        expect(machine.do(op)).not.toBe("unsupported");
        expect(complaints(machine)).toEqual([]);
      }
    }),
    {numRuns: Number(process.env.RUNS ?? 60)},
  );
}, 600_000);
