// What the model does for each operation of a trace. Those that are not in the table it does not do (yet).

import type {LinkedMachine} from "./linked_machine.ts";
import type {Done, Op} from "./trace.ts";

export type Operation = (machine: LinkedMachine, op: Op) => Done;

export const operations: Readonly<Record<string, Operation>> = {};
