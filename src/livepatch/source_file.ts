// What a source file declares at its top level, and what each declaration needs. Linking, listings and the hash of a
// schedule all live off this: names stand for code everywhere, lines never do.

export type Declaration = {
  readonly name: string;
  /** A function with a star can be preempted. Only functions can be patched. */
  readonly kind: "function*" | "function" | "const";
  readonly file: string;
  /** First and last line, from 1: the same in the TypeScript as in what is left when types are stripped. */
  readonly line: number;
  readonly endLine: number;
  /** Offsets into the file's stripped code. */
  readonly start: number;
  readonly end: number;
  /** All names that it mentions and does not declare as parameters; most of them are no declarations. */
  readonly mentions: readonly string[];
  /** Of its code without comments, types and white space. */
  readonly hash: string;
};

export type SourceFile = {
  readonly file: string;
  /** Without types, comments, imports and exports; every line where it was. */
  readonly code: string;
  readonly declarations: readonly Declaration[];
};
