// A module that is asked for again and again. For each `import()` the browser takes a turn, however long the module has been there, and after a press
// it takes it with the next frame.

/** What `load` loads, and from then on at once. What did not come is asked for once more. */
export function loaded<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let coming: Promise<Module> | null = null;
  return () =>
    (coming ??= load().catch((error: unknown) => {
      coming = null;
      throw error;
    }));
}
