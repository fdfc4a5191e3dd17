// What the browser keeps for the reader: edits, by chapter and cell. A browser may refuse to keep anything; then the
// edits live as long as the page does.

const memory = new Map<string, string>();

export function readText(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

export function writeText(key: string, text: string): void {
  memory.set(key, text);
  try {
    localStorage.setItem(key, text);
  } catch {
    // Full or blocked: memory has it.
  }
}

export function removeText(key: string): void {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // Blocked: then it was never there.
  }
}

export type Edit = {
  readonly text: string;
  /** What the book had there when it was edited; a later edition may have changed it. */
  readonly original: string;
};

/** A function of the kernel, among the cells of its chapter. */
export function kernelId(name: string): string {
  return `kernel/${name}`;
}

export function readEdit(chapter: string, id: string): Edit | null {
  try {
    const edit = JSON.parse(readText(keyOf(chapter, id)) ?? "null") as Edit | null;
    return typeof edit?.text === "string" ? edit : null;
  } catch {
    return null;
  }
}

export function writeEdit(chapter: string, id: string, edit: Edit): void {
  writeText(keyOf(chapter, id), JSON.stringify(edit));
}

export function removeEdit(chapter: string, id: string): void {
  removeText(keyOf(chapter, id));
}

/** Every edit of every chapter. */
export function allEdits(): (Edit & {readonly chapter: string; readonly id: string})[] {
  return keysBelow(PREFIX)
    .sort()
    .flatMap((key) => {
      const [chapter, id] = splitOnce(key, ":");
      const edit = readEdit(chapter, id);
      return edit === null ? [] : [{chapter, id, ...edit}];
    });
}

/** What is kept under keys that begin so: the rest of each key. */
export function keysBelow(prefix: string): string[] {
  return keys()
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}

function keys(): string[] {
  const all = new Set(memory.keys());
  try {
    for (let i = 0; i < localStorage.length; i++) all.add(localStorage.key(i)!);
  } catch {
    // Blocked: what memory has is all there is.
  }
  return [...all];
}

function splitOnce(text: string, at: string): [string, string] {
  const i = text.indexOf(at);
  return [text.slice(0, i), text.slice(i + 1)];
}

const PREFIX = "tailpage:edit:";

function keyOf(chapter: string, id: string): string {
  return `${PREFIX}${chapter}:${id}`;
}
