// Programs of a few words and a few threads, for tests that need one of their own.

import type {Program} from "../../src/explore/index.ts";
import {cell, type Op} from "../../src/sim/index.ts";
import {boot} from "../support.ts";
import {bareProgram} from "./bare_program.ts";

/** A program of these threads, on words that all start at 0. */
export function programOf(
  words: number,
  threads: (shared: ReturnType<typeof sharedWords>) => (() => Op<unknown>)[],
): () => Program {
  return () => {
    const shared = sharedWords(words);
    const {machine} = shared;
    const runs = threads(shared);
    return {
      ...bareProgram(machine, runs),
      race: "test",
      outcome: ({memory}) => shared.word.map((c) => memory.read(c)).join(" "),
    };
  };
}

function sharedWords(words: number) {
  const {kernel, machine} = boot();
  const word = Array.from({length: words}, (_, i) =>
    cell("shared", `word${i}`, machine.memory.allocate(4), 4),
  );
  return {kernel, machine, word};
}
