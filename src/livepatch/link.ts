// Linking: the sources of the machine and of the kernel become one scope, livepatched functions in place of the old ones.
//
// Everybody runs this linked text: tests, the command, the page and its workers. The modules are for the type checker and
// for whoever reads them. Names and lines survive, so a backtrace says where in the sources a CPU was.

import {Memory, type Machine, type MachineOptions} from "../sim/index.ts";
import {hash} from "./hash.ts";
import type {Declaration, SourceFile} from "./source_file.ts";
import {UserError} from "./user_error.ts";

/** A livepatch: TypeScript that defines some of the kernel's functions again. */
export type Livepatch = {
  /** What to call it: a fix's name, or the function's. */
  readonly name: string;
  readonly text: string;
};

/** One that was read and checked (prepare.ts): ready to be linked. */
export type PreparedLivepatch = Livepatch & {readonly source: SourceFile};

/** Turns that a loop of a livepatch may take between two operations. Counted, not timed: the same on every machine. */
export const MOST_TURNS = 1_000_000;

export type LinkedKernel = {
  readonly livepatches: readonly Livepatch[];
  readonly declarations: ReadonlyMap<string, Declaration>;
  /** Where a line of the linked code stands in the sources. */
  place(line: number): {file: string; line: number} | null;
  /** A name for the code that can be reached from these functions: equal if and only if that code is (up to chance). */
  hashOf(roots: readonly string[]): string;
  /** The linked code: the body of a function of `machine` and `turn` that answers with everything the kernel has. */
  body(): string;
  /** A machine of this kind with this kernel on it. */
  boot(options: MachineOptions): {machine: Machine; kernel: Record<string, never>};
};

/** A source file as it is linked: what is patched later is taken out of it. */
type Part = {readonly file: string; code: string};

export function link(
  sources: readonly SourceFile[],
  livepatches: readonly PreparedLivepatch[] = [],
): LinkedKernel {
  const parts: Part[] = [];
  const declarations = new Map<string, Declaration>();
  const home = new Map<string, Part>();
  for (const {file, code, declarations: own} of [
    ...sources,
    ...livepatches.map((p) => p.source),
  ]) {
    const part = {file, code};
    for (const declaration of own) {
      const old = declarations.get(declaration.name);
      if (old) takeOut(old, home.get(old.name)!);
      declarations.set(declaration.name, declaration);
      home.set(declaration.name, part);
    }
    parts.push(part);
  }
  const body = (): string => bodyOf(parts.map(({code}) => code).join("\n"), declarations);
  return {
    livepatches,
    declarations,
    place: placeIn(parts),
    hashOf: (roots) => hashOf(declarations, roots),
    body,
    boot: bootable(body),
  };
}

/** The lines of a function that was patched stay, empty. */
function takeOut({start, end}: Declaration, part: Part): void {
  part.code = blank(part.code, start, end);
}

/** Replaces a stretch of code by blanks, so that everything else stays on its line. */
export function blank(code: string, start: number, end: number): string {
  return code.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, " ") + code.slice(end);
}

/** Lines that JavaScript puts before the body of a function that is made from text. */
const HEADER_LINES = 2;

function placeIn(parts: readonly Part[]): LinkedKernel["place"] {
  return (line) => {
    let rest = line - HEADER_LINES - 1;
    for (const {file, code} of parts) {
      const lines = code.split("\n").length;
      if (rest < lines) return rest > 0 ? {file, line: rest} : null;
      rest -= lines;
    }
    return null;
  };
}

function hashOf(
  declarations: ReadonlyMap<string, Declaration>,
  roots: readonly string[],
): string {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    const declaration = declarations.get(name);
    if (!declaration || reached.has(name)) return;
    reached.add(name);
    declaration.mentions.forEach(visit);
  };
  roots.forEach(visit);
  const all = [...reached].sort().map((name) => `${name} ${declarations.get(name)!.hash}`);
  return hash(all.join("\n")).slice(0, 8);
}

type Scope = (machine: Machine, turn: (line: number) => void) => Record<string, never>;

function bootable(body: () => string): LinkedKernel["boot"] {
  let scope: Scope | undefined;
  return (options) => {
    scope ??= new Function("machine", "turn", body()) as Scope;
    const machine: Machine = {
      ...options,
      memory: new Memory(),
      structures: new Map(),
      immutable: new WeakSet(),
      sealed: false,
      backtraces: false,
      turns: 0,
    };
    const turn = (line: number): void => {
      if (++machine.turns > MOST_TURNS) throw endlessLoop(line);
    };
    return {machine, kernel: scope(machine, turn)};
  };
}

function endlessLoop(line: number): UserError {
  return new UserError(
    `the loop at line ${line} took a million turns without letting another CPU run: does its condition ever become false?`,
    {line},
  );
}

/** Every function of the kernel with a star is marked, so that whoever runs it knows the stack it is in. */
function bodyOf(code: string, declarations: ReadonlyMap<string, Declaration>): string {
  const all = [...declarations.values()];
  const marks = all
    .filter(({kind, file}) => kind === "function*" && !file.startsWith("src/sim/"))
    .map(({name}) => `${name} = marked("${name}", ${name});`);
  const names = all.map(({name}) => name).join(", ");
  return `"use strict";\n${code}\n${marks.join("\n")}\nreturn {${names}};\n//# sourceURL=tailpage-kernel`;
}
