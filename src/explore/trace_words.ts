// The words of a trace: which were met, what they held at first, and which step changed which of them.

import {cell_name, read_word, type Cell} from "../sim/index.ts";
import type {Program} from "./program.ts";
import type {Change, Step, Word} from "./trace.ts";

type Known = {readonly cell: Cell; readonly half: number; readonly index: number};

/** Halves that a step has changed, and what they hold since. */
export type Written = readonly (readonly [half: number, value: number])[];

export class TraceWords {
  readonly list: Word[] = [];
  private readonly program: Program;
  private readonly known = new Map<string, Known>();
  /** Memory before the first step. */
  private readonly first: Int32Array;

  constructor(program: Program) {
    this.program = program;
    this.first = program.machine.memory.halves.slice();
    for (const cell of program.shows) this.indexOf(cell);
  }

  /** The word's place in the list. */
  indexOf(cell: Cell): number {
    const name = cell_name(cell);
    const known = this.known.get(name);
    if (known) return known.index;
    const half = this.program.machine.memory.half(cell.address);
    const index = this.list.length;
    this.known.set(name, {cell, half, index});
    const value = read_word(this.first, half, cell);
    const {group, field} = cell;
    this.list.push({name, group, field, ...this.said(cell, value)});
    return index;
  }

  /** The steps, each with the words that it changed: the one it touched, and all that share its place. */
  withChanges(steps: readonly Step[], written: readonly (Written | undefined)[]): Step[] {
    const at = this.byHalf();
    const halves = this.first.slice();
    return steps.map((step, i) => {
      const writes = written[i] ?? [];
      for (const [half, value] of writes) halves[half] = value;
      const touched = new Set(writes.flatMap(([half]) => at.get(half) ?? []));
      return {...step, changes: [...touched].map((word) => this.changeOf(word, halves))};
    });
  }

  private changeOf({cell, half, index}: Known, halves: Int32Array): Change {
    const value = read_word(halves, half, cell);
    return {word: index, ...this.said(cell, value)};
  }

  private said(cell: Cell, value: number): Pick<Word, "value" | "text" | "names"> {
    const {program} = this;
    const names = program.names?.(cell, value);
    return {value, text: program.print(cell, value), ...(names ? {names} : {})};
  }

  private byHalf(): Map<number, Known[]> {
    const {memory} = this.program.machine;
    const at = new Map<number, Known[]>();
    for (const word of this.known.values()) {
      for (const half of memory.halves_of(word.cell))
        at.set(half, [...(at.get(half) ?? []), word]);
    }
    return at;
  }
}
