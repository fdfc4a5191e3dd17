// Linking: the sources of the machine and of the kernel become one scope, livepatched functions in place of the old ones.
//
// Everybody runs this linked text: tests, the command, the page and its workers. The modules are for the type checker and
// for whoever reads them. Names and lines survive, so a backtrace says where in the sources a CPU was.

import {
  Memory,
  perform_alone,
  type Machine,
  type MachineOptions,
  type Op,
  type Operation,
} from "../sim/index.ts";
import {ALONE, withoutStars} from "./alone.ts";
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
  readonly livepatches: readonly PreparedLivepatch[];
  readonly declarations: ReadonlyMap<string, Declaration>;
  /** Where a line of the linked code stands in the sources. */
  place(line: number): {file: string; line: number} | null;
  /** A name for the code that can be reached from these functions: equal if and only if that code is (up to chance). */
  hashOf(roots: readonly string[]): string;
  /** A machine of this kind with this kernel on it. */
  boot(options: MachineOptions): {machine: Machine; kernel: Record<string, never>};
  /** The same, where one computation runs at a time: what its functions with a star answer is the answer itself (alone.ts). */
  bootAlone(options: MachineOptions): {machine: Machine; kernel: Record<string, never>};
};

/** A source file as it is linked: what is patched later is taken out of it. */
type Part = {
  readonly file: string;
  code: string;
  readonly lines: number;
  readonly own: Declaration[];
};

type Parts = {
  readonly parts: readonly Part[];
  readonly declarations: ReadonlyMap<string, Declaration>;
};

export function link(
  sources: readonly SourceFile[],
  livepatches: readonly PreparedLivepatch[] = [],
): LinkedKernel {
  const all = [...sources, ...livepatches.map((p) => p.source)];
  const {parts, declarations} = join(all);
  return {
    ...linked(parts, declarations, livepatches),
    boot: bootable(() => byText.of(bodyOf(parts, declarations))),
    bootAlone: bootable(() => byText.of(bodyAlone(all))),
  };
}

/** What a function does that is not there: with a star, and without one. */
export type Elsewhere = {
  step(name: string, args: readonly unknown[]): Op<unknown>;
  now(name: string, args: readonly unknown[]): unknown;
};

/** A kernel whose livepatched functions only stand in their places; what they do is done elsewhere. */
export type ApartKernel = Omit<LinkedKernel, "boot" | "bootAlone"> & {
  /** The code of the livepatches, as it has to be linked elsewhere. */
  readonly theirs: {
    readonly code: string;
    /** The functions of that code, and the line that each has to itself where it only stands, from 1. */
    readonly functions: ReadonlyMap<
      string,
      {readonly kind: Declaration["kind"]; readonly line: number}
    >;
    /** What to add to a line of that code to have its line in the linked code. */
    readonly offset: number;
  };
  boot(options: MachineOptions, elsewhere: Elsewhere): ReturnType<LinkedKernel["boot"]>;
};

/** As link() does it, but none of the livepatches' code is in what runs here. */
export function linkApart(
  sources: readonly SourceFile[],
  livepatches: readonly PreparedLivepatch[],
): ApartKernel {
  const {parts, declarations} = join([...sources, ...livepatches.map((p) => p.source)]);
  const ours = parts.slice(0, sources.length);
  const theirs = parts.slice(sources.length);
  const functions = functionsOf(theirs);
  const here = () => bodyOf([...ours, standIns(functions)], declarations);
  return {
    ...linked(parts, declarations, livepatches),
    theirs: {
      code: theirs.map(({code}) => code).join("\n"),
      functions,
      offset: HEADER_LINES + 1 + ours.reduce((sum, part) => sum + part.lines, 0),
    },
    boot: bootable(() => apartOf(sources).of(JSON.stringify([...functions]), here)),
  };
}

/** What is left here of livepatches depends on no more than the functions that they patch. */
function apartOf(sources: readonly SourceFile[]): Scopes {
  const known = apart.get(sources) ?? new Scopes();
  apart.set(sources, known);
  return known;
}

const apart = new WeakMap<readonly SourceFile[], Scopes>();

function linked(
  parts: readonly Part[],
  declarations: Parts["declarations"],
  livepatches: readonly PreparedLivepatch[],
): Omit<LinkedKernel, "boot" | "bootAlone"> {
  return {
    livepatches,
    declarations,
    place: placeIn(parts),
    hashOf: (roots) => hashOf(declarations, roots),
  };
}

/** All files as parts of one scope: of several functions of one name the last is left. */
function join(files: readonly SourceFile[]): Parts {
  const declarations = new Map<string, Declaration>();
  const home = new Map<string, Part>();
  const parts = files.map((source) => {
    const {file, code} = source;
    const part: Part = {file, code, lines: linesOf(source), own: []};
    for (const declaration of source.declarations) {
      const old = declarations.get(declaration.name);
      if (old) takeOut(old, home.get(old.name)!);
      declarations.set(declaration.name, declaration);
      home.set(declaration.name, part);
      part.own.push(declaration);
    }
    return part;
  });
  return {parts, declarations};
}

/** Each function as one line, in their order: the same text for all livepatches of the same functions. */
function standIns(functions: ApartKernel["theirs"]["functions"]): Part {
  const lines = [...functions].map(([name, {kind}]) =>
    kind === "function*"
      ? `function* ${name}(...all) { return yield* elsewhere.step("${name}", all); }`
      : `function ${name}(...all) { return elsewhere.now("${name}", all); }`,
  );
  return {file: "", code: lines.join("\n"), lines: lines.length, own: []};
}

function functionsOf(parts: readonly Part[]): ApartKernel["theirs"]["functions"] {
  const own = parts.flatMap((part) => part.own);
  return new Map(own.map(({name, kind}, i) => [name, {kind, line: i + 1}]));
}

/** Of a file's code: as many whatever is taken out of it. */
function linesOf(source: SourceFile): number {
  const known = counted.get(source) ?? source.code.split("\n").length;
  counted.set(source, known);
  return known;
}

const counted = new WeakMap<SourceFile, number>();

/** The lines of a function that was patched stay, empty. */
function takeOut({name, start, end}: Declaration, part: Part): void {
  part.code = blank(part.code, start, end);
  part.own.splice(
    part.own.findIndex((own) => own.name === name),
    1,
  );
}

/** Replaces a stretch of code by blanks, so that everything else stays on its line. */
export function blank(code: string, start: number, end: number): string {
  return code.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, " ") + code.slice(end);
}

/** Lines that JavaScript puts before the body of a function that is made from text. */
const HEADER_LINES = 2;

function placeIn(parts: readonly Part[]): LinkedKernel["place"] {
  const ends = endsOf(parts);
  return (line) => {
    const at = line - HEADER_LINES - 1;
    const i = ends.findIndex((end) => at < end);
    const rest = at - (ends[i - 1] ?? 0);
    return i >= 0 && rest > 0 ? {file: parts[i].file, line: rest} : null;
  };
}

/** For each part, the lines that end with it. */
function endsOf(parts: readonly Part[]): number[] {
  let end = 0;
  return parts.map((part) => (end += part.lines));
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

type Scope = (
  machine: Machine,
  turn: (line: number) => void,
  elsewhere: Elsewhere | undefined,
  perform: (operation: Operation) => number,
) => Record<string, never>;

/** Engines take their time to learn to run a text fast: the last texts are kept, by a name for each, or by themselves. */
class Scopes {
  private readonly known = new Map<string, Scope>();

  of(name: string, body: () => string = () => name): Scope {
    const {known} = this;
    const scope = known.get(name) ?? scopeOf(body());
    known.delete(name);
    known.set(name, scope);
    for (const oldest of known.keys()) if (known.size > MOST_SCOPES) known.delete(oldest);
    return scope;
  }
}

const MOST_SCOPES = 16;
const byText = new Scopes();

function scopeOf(body: string): Scope {
  return new Function("machine", "turn", "elsewhere", "perform", body) as Scope;
}

function bootable(find: () => Scope) {
  let scope: Scope | undefined;
  return (options: MachineOptions, elsewhere?: Elsewhere) => {
    scope ??= find();
    const machine: Machine = {
      ...options,
      memory: new Memory(),
      structures: new Map(),
      immutable: new WeakSet(),
      sealed: false,
      backtraces: false,
      traced: false,
      turns: 0,
    };
    const turn = (line: number): void => {
      if (++machine.turns > MOST_TURNS) throw endlessLoop(line);
    };
    const perform = (operation: Operation) => perform_alone(operation, machine);
    return {machine, kernel: scope(machine, turn, elsewhere, perform)};
  };
}

function endlessLoop(line: number): UserError {
  return new UserError(
    `the loop at line ${line} took a million turns without letting another CPU run: does its condition ever become false?`,
    {line},
  );
}

/** Every function of the kernel with a star is marked, so that whoever runs it knows the stack it is in. */
function bodyOf(parts: readonly Part[], declarations: Parts["declarations"]): string {
  const code = parts.map((part) => part.code).join("\n");
  const all = [...declarations.values()];
  const marks = all
    .filter(({kind, file}) => kind === "function*" && !file.startsWith("src/sim/"))
    .map(({name}) => `${name} = marked("${name}", ${name});`);
  const names = all.map(({name}) => name).join(", ");
  return `"use strict";\n${code}\n${marks.join("\n")}\nreturn {${names}};\n//# sourceURL=tailpage-kernel`;
}

/** The same without stars and marks. */
function bodyAlone(files: readonly SourceFile[]): string {
  const {parts, declarations} = join([...files, ALONE]);
  const code = withoutStars(parts.map((part) => part.code).join("\n"));
  return `"use strict";\n${code}\nreturn {${[...declarations.keys()].join(", ")}};\n//# sourceURL=tailpage-kernel`;
}
