// Reading livepatches: everything that can be wrong with one is said here, before it is linked.

import {checkPatch} from "./check.ts";
import {readSource} from "./declarations.ts";
import type {Livepatch, PreparedLivepatch} from "./link.ts";
import {countTurns} from "./loops.ts";
import type {Declaration, SourceFile} from "./source_file.ts";

/** Throws a UserError that says what is wrong, where, and what to try. A later livepatch may patch an earlier one. */
export function prepare(
  sources: readonly SourceFile[],
  livepatches: readonly Livepatch[],
): PreparedLivepatch[] {
  const known = new Map<string, Declaration>();
  const learn = (source: SourceFile): void =>
    source.declarations.forEach((d) => known.set(d.name, d));
  sources.forEach(learn);
  return livepatches.map(({name, text}) => {
    const read = readSource(name, text);
    checkPatch(read, known);
    const source = withCountedTurns(read);
    learn(source);
    return {name, text, source};
  });
}

/** Counting moves code, so what is declared where has to be read again; hashes are those of the code as it was written. */
function withCountedTurns(read: SourceFile): SourceFile {
  const counted = readSource(read.file, countTurns(read.code));
  const hashes = new Map(read.declarations.map((d) => [d.name, d.hash]));
  const declarations = counted.declarations.map((d) => ({...d, hash: hashes.get(d.name)!}));
  return {...counted, declarations};
}
