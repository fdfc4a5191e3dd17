// What has to be true of a machine between two operations, whatever was done to it: section by section, in sentences where it is not.

import type {LinkedMachine} from "../linked_machine.ts";
import {checkLists} from "./lists.ts";
import {lookAt} from "./look.ts";
import {checkPages} from "./pages.ts";
import {checkProc} from "./proc.ts";
import {checkRanges} from "./ranges.ts";
import {checkSwap} from "./swap.ts";

/** Everything that is wrong. */
export function violations(machine: LinkedMachine): string[] {
  const look = lookAt(machine);
  const checks = [checkPages, checkLists, checkSwap, checkRanges];
  return [...checks.flatMap((check) => check(look)), ...checkProc(machine)];
}
