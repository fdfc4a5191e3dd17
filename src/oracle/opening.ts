// What somebody's code gets to see before it runs: the names of the kernel, as constants, and nothing else.

import type {ApartKernel, Declaration} from "../livepatch/index.ts";
import type {Machine} from "../sim/index.ts";
import type {Functions} from "./calls.ts";
import type {Opening} from "./guest.ts";
import {newTable, Values} from "./values.ts";

/** Files of the machine whose functions threads call. */
const FOR_THREADS = [
  "src/sim/atomic.ts",
  "src/sim/lock.ts",
  "src/sim/bug.ts",
  "src/sim/cell.ts",
];
/** What comes before any thread. */
const BOOT = "src/mm/boot.ts";

/** May somebody's code call it, or know it? */
export function isForThreads({file, name}: Declaration, {theirs}: ApartKernel): boolean {
  if (theirs.functions.has(name) || FOR_THREADS.includes(file)) return true;
  return file.startsWith("src/mm/") && file !== BOOT;
}

/** The same one for all machines with this kernel. */
export function openingOf(kernel: ApartKernel, functions: Functions): Opening {
  const opening = made.get(kernel) ?? makeOpening(kernel, functions);
  made.set(kernel, opening);
  return opening;
}

const made = new WeakMap<ApartKernel, Opening>();

/** What code may know of the machine that it runs on. */
export function optionsOf({pages, pgflags, ipi, debug_vm, spares}: Machine): object {
  return {pages, pgflags, ipi, debug_vm, spares};
}

function makeOpening(kernel: ApartKernel, functions: Functions): Opening {
  const known = mentioned(kernel).filter((d) => isForThreads(d, kernel));
  const constants = known.filter(({kind}) => kind === "const");
  return {
    code: codeOf(
      kernel,
      known.map(({name}) => name),
    ),
    functions: known.flatMap(({name, kind}) =>
      kind === "const" ? [] : [[name, kind] as const],
    ),
    constants: constants.map(({name}) => [name, constant(functions[name])] as const),
  };
}

/** Their functions, and what those name: an engine takes its time to put all others before them. */
function mentioned({declarations, theirs}: ApartKernel): Declaration[] {
  const own = [...theirs.functions.keys()];
  const names = new Set(own.flatMap((name) => [name, ...declarations.get(name)!.mentions]));
  return [...declarations.values()].filter(({name}) => names.has(name));
}

function constant(value: unknown) {
  const side = {
    sign: 1 as const,
    isConstant: () => false,
    tellFunction: () => null,
    hearFunction: () => null,
    keep: () => {},
  };
  return new Values(side, newTable()).encode([value])[0];
}

/**
 * A function of the machine's options, `turn` and the kernel. What the kernel has are constants there, so nobody can put something in
 * their place; and their own functions with a star call each other by way of the kernel, which notes each call.
 *
 * The first line of their code is the second here (FIRST_LINE).
 */
function codeOf({theirs}: ApartKernel, known: readonly string[]): string {
  const own = [...theirs.functions.keys()];
  const kernel = known.filter((name) => !theirs.functions.has(name));
  const starred = own.filter((name) => theirs.functions.get(name)!.kind === "function*");
  return `(function (machine, turn, kernel) { "use strict"; const {${kernel.join(", ")}} = kernel; return (function () {
${theirs.code}
const own = {${own.join(", ")}};
${starred.map((name) => `${name} = kernel.${name};`).join("\n")}
return own; })(); })`;
}

/** Of their code, in the text that is run. */
export const FIRST_LINE = 2;
