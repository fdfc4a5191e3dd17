// A machine that is looked at after each operation: is everything true that has to be?

import type {Mm} from "../../mm/index.ts";
import type {LinkedKernel} from "../../livepatch/index.ts";
import type {MachineOptions} from "../../sim/index.ts";
import {LinkedMachine} from "../linked_machine.ts";
import type {Boot, RecordedMachine} from "../machine.ts";
import type {Done, Op, State, Vmstat} from "../trace.ts";
import {Contents} from "./contents.ts";
import {leftovers} from "./leftovers.ts";
import {checkLists} from "./lists.ts";
import {lookAt} from "./look.ts";
import {checkPages} from "./pages.ts";
import {checkProc} from "./proc.ts";
import {checkRanges} from "./ranges.ts";
import {checkSwap} from "./swap.ts";

/** What is written by an operation differs from what others write by more than an arena has pages. */
const APART = 2 ** 20;

/** Machines with this kernel that check themselves, each fresh. */
export function bootChecked(linked: LinkedKernel, options: MachineOptions): Boot {
  return () => new CheckedMachine(new LinkedMachine(linked, options));
}

export class CheckedMachine implements RecordedMachine {
  readonly machine: LinkedMachine;
  private readonly contents: Contents;
  private readonly mms = new Set<Mm>();
  private readonly done = new Set<string>();

  constructor(machine: LinkedMachine) {
    this.machine = machine;
    this.contents = new Contents(machine);
  }

  do(op: Op): Done | "unsupported" {
    const {machine} = this;
    for (const mm of machine.processes.values()) this.mms.add(mm);
    machine.written += APART;
    const follow = this.contents.expecting(op);
    const done = machine.do(op);
    this.done.add(op.name);
    if (done !== "unsupported") follow(done);
    return done;
  }

  observe(): State {
    return this.machine.observe();
  }

  vmstat(): Vmstat {
    return this.machine.vmstat();
  }

  /** Everything that is not true. */
  violations(): string[] {
    const {machine} = this;
    const look = lookAt(machine, this.done);
    const over = machine.processes.size + machine.piped.length + machine.pinned.length === 0;
    return [
      ...[checkPages, checkLists, checkSwap, checkRanges].flatMap((check) => check(look)),
      ...checkProc(machine),
      ...this.contents.check(),
      ...(over ? leftovers(machine, look, this.mms) : []),
    ];
  }
}
