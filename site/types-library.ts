// What the type checker knows from the start: made from the sources when the site is built (bin/type-library.ts), and read in the page.

export type TypeLibrary = {
  /** Texts by path: `/src/mm/util.d.ts`. */
  readonly files: Readonly<Record<string, string>>;
  /** What the modules give from which texts take their names, by path: to find out in the page would take a program of its own. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** By file, the words that a text must have to be concerned with it. */
  readonly concerned: Readonly<Record<string, readonly string[]>>;
  /** Names that have something to do with elements of a page. */
  readonly givers: readonly string[];
  /** By path. */
  readonly kernel: Readonly<Record<string, KernelFile>>;
};

/** A file of the kernel. */
export type KernelFile = {
  /** What has to be mentioned so that it is read. */
  readonly names: readonly string[];
  /** What is read with it, by path. */
  readonly needs: readonly string[];
  /** What is read until then, where names are asked for: its own, of no type. */
  readonly unread: string;
};
