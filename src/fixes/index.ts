// The fixes that the book compares, each a livepatch named by what it does. They are text here, as a reader's edit is.

/** As src/livepatch/link.ts has it. */
type Livepatch = {readonly name: string; readonly text: string};

const texts = import.meta.glob<string>("./*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});

export const fixes: readonly Livepatch[] = Object.entries(texts)
  .map(([path, text]) => ({name: path.slice("./".length, -".ts".length), text}))
  .filter(({name}) => name !== "index");

export function fixNamed(name: string): Livepatch | undefined {
  return fixes.find((fix) => fix.name === name);
}
