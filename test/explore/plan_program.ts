// A plan as a program for the explorer, on a machine of its own.

import type {Program} from "../../src/explore/index.ts";
import {cell, cell_name, type Cell, type Machine, type Op} from "../../src/sim/index.ts";
import {boot, type Linked} from "../support.ts";
import {bareProgram} from "./bare_program.ts";
import type {Access, Item, Place, Plan} from "./plan.ts";

type Cells = Readonly<Record<Place, Cell>>;

export function programOf({first, threads}: Plan): Program {
  const {kernel, machine} = boot();
  const {memory} = machine;
  const cells = makeCells(machine);
  const words = [cells.w0, cells.w1, cells.w2, cells.spinA, cells.spinB, cells.sem];
  first.forEach((value, i) => memory.write(words[i], value));
  const run = runner(kernel, cells);
  return {
    ...bareProgram(
      machine,
      threads.map((items) => () => run(items)),
    ),
    invariants: [
      {
        name: "the first word is even",
        check(now) {
          const value = now.read(cells.w0);
          return value % 2 === 0 ? null : `${cell_name(cells.w0)} is ${value}`;
        },
      },
    ],
    outcome({memory: now, results, bug}) {
      if (!bug) return JSON.stringify({words: words.map((c) => now.read(c)), results});
      const dumped = bug.dump.map((c) => `: ${now.read(c)}`).join("");
      return `${bug.message}${bug.about ? ` of ${bug.about}` : ""}${dumped}`;
    },
    shows: Object.values(cells),
  };
}

function makeCells({memory}: Machine): Cells {
  const wide = memory.allocate(8);
  const w2 = memory.allocate(4);
  const lock = (name: string) => cell("shared", name, memory.allocate(4), 4, "lock");
  return {
    w0: cell("shared", "w0", wide, 4),
    w1: cell("shared", "w1", wide + 4, 4),
    wide: cell("shared", "wide", wide, 8),
    w2: cell("shared", "w2", w2, 4),
    byte: cell("shared", "byte", w2 + 1, 1),
    spinA: lock("spinA"),
    spinB: lock("spinB"),
    sem: lock("sem"),
  };
}

/** What a thread of these items does. Answers all that it has noted. */
function runner(kernel: Linked, cells: Cells) {
  const parity = kernel.marked("parity", function* (accesses: readonly Access[]): Op<number> {
    return yield* parityOf(kernel, cells, accesses);
  });
  const collect = kernel.marked(
    "collect",
    function* (accesses: readonly Access[], into: number[]): Op<void> {
      const odd = yield* parityOf(kernel, cells, accesses);
      into.push(odd);
    },
  );

  return function* (items: readonly Item[]): Op<number[]> {
    const seen: number[] = [];
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      const last = seen.at(-1);
      switch (item.do) {
        case "access": {
          const answer = yield* perform(kernel, cells, item.access);
          if (answer !== null) seen.push(answer);
          break;
        }
        case "parity":
          seen.push(yield* parity(item.accesses));
          break;
        case "collect":
          yield* collect(item.accesses, seen);
          break;
        case "skip":
          if ((last === 0) === item.ifZero) i += item.count;
          break;
        case "warn":
          yield* kernel.WARN_ON_ONCE(last === item.value, `saw ${item.value}`);
          break;
        case "bug": {
          const dump = item.dumps ? [cells[item.dumps]] : [];
          if (last === item.value)
            yield* kernel.bug(`BUG ${item.value}`, {about: item.dumps ?? "", dump});
        }
      }
    }
    return seen;
  };
}

function* parityOf(kernel: Linked, cells: Cells, accesses: readonly Access[]): Op<number> {
  let sum = 0;
  for (const access of accesses) {
    const answer = yield* perform(kernel, cells, access);
    sum += answer ?? 0;
  }
  return sum & 1;
}

/** Calls the kernel's function, with its arguments in the kernel's order. Null if it answers nothing. */
function* perform(
  kernel: Linked,
  cells: Cells,
  {call, at, value, expected}: Access,
): Op<number | null> {
  const answer = yield* announce(kernel, cells[at], {call, at, value, expected});
  return answer === undefined ? null : Number(answer);
}

function announce(
  kernel: Linked,
  word: Cell,
  {call, value, expected}: Access,
): Op<number | boolean | void> {
  switch (call) {
    case "cmpxchg":
    case "atomic_cmpxchg":
    case "atomic_try_cmpxchg":
      return kernel[call](word, expected, value);
    case "atomic_add_unless":
      return kernel[call](word, value, expected);
    case "test_bit":
    case "set_bit":
    case "clear_bit":
    case "test_and_set_bit":
    case "test_and_clear_bit":
    case "wait_on_bit_lock":
    case "clear_bit_unlock":
      return kernel[call](value, word);
    default:
      // The others take a word, and those that take a value take it next.
      return (kernel[call] as (word: Cell, value: number) => Op<number | boolean | void>)(
        word,
        value,
      );
  }
}
