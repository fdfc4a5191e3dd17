// A notebook as Observable's Notebook Kit writes it: one HTML file, a `<script>` for each cell. Read as data: nothing in it is run, and what
// is not a cell is passed over.
//
// The assignment, and the edition of the book that it is from, stand in attributes that other tools leave alone.

export type NotebookCell = {
  readonly id: number;
  /** `text/markdown`, `text/x-typescript`, `module`. */
  readonly type: string;
  /** Attributes beside id and type, as they are written: `pinned`, `hidden`. */
  readonly flags: readonly string[];
  readonly value: string;
};

export type Notebook = {
  readonly title: string;
  readonly theme: string;
  readonly edition: string | null;
  /** The assignment that it says it is. */
  readonly assignment: string | null;
  readonly cells: readonly NotebookCell[];
};

/** Null where the text is no notebook. Of two cells with one number the first counts. */
export function parseNotebook(text: string): Notebook | null {
  const opening = /<notebook\b([^>]*)>/i.exec(text);
  if (!opening) return null;
  const attributes = attributesOf(opening[1]);
  const title = /<title>([^<]*)<\/title>/i.exec(text)?.[1] ?? "Untitled";
  return {
    title: unescape(title),
    theme: attributes.get("theme") ?? "air",
    edition: attributes.get("data-edition") ?? null,
    assignment: attributes.get("data-assignment") ?? null,
    cells: cellsOf(text.slice(opening.index)),
  };
}

function cellsOf(text: string): NotebookCell[] {
  const cells = new Map<number, NotebookCell>();
  for (const [, written, content] of text.matchAll(/<script\b([^>]*)>([^]*?)<\/script\s*>/gi)) {
    const attributes = attributesOf(written);
    const id = Number(attributes.get("id"));
    if (!Number.isInteger(id) || id < 1 || cells.has(id)) continue;
    const flags = ["pinned", "hidden"].filter((flag) => attributes.has(flag));
    const value = dedent(content.replace(/<\\(?=\\*\/script(\s|>))/gi, "<"));
    cells.set(id, {id, type: attributes.get("type") ?? "module", flags, value});
  }
  return [...cells.values()];
}

export function writeNotebook({title, theme, edition, assignment, cells}: Notebook): string {
  const mark = (name: string, value: string | null) =>
    value === null ? "" : ` data-${name}="${escape(value)}"`;
  const marks = mark("assignment", assignment) + mark("edition", edition);
  return [
    `<!doctype html>`,
    `<notebook theme="${escape(theme)}"${marks}>`,
    `  <title>${escape(title)}</title>`,
    ...cells.map(writeCell),
    `</notebook>`,
    ``,
  ].join("\n");
}

function writeCell({id, type, flags, value}: NotebookCell): string {
  const written = value.replace(/<(?=\\*\/script(\s|>))/gi, "<\\");
  const lines = written.split("\n").map((line) => (line.trim() ? `    ${line}` : ""));
  const all = [`id="${id}"`, `type="${escape(type)}"`, ...flags].join(" ");
  return `  <script ${all}>\n${lines.join("\n")}\n  </script>`;
}

/** The notebook with other values in some of its cells. */
export function withValues(notebook: Notebook, values: ReadonlyMap<number, string>): Notebook {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    value: values.get(cell.id) ?? cell.value,
  }));
  return {...notebook, cells};
}

/** A page knows an answer by the first function in it. */
export function firstFunctionIn(text: string): string | undefined {
  return /^\s*(?:export\s+)?function\*?\s*([\w$]+)/m.exec(text)?.[1];
}

function attributesOf(text: string): Map<string, string> {
  const found = text.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g);
  return new Map(
    [...found].map(([, name, a, b, c]) => [name.toLowerCase(), unescape(a ?? b ?? c ?? "")]),
  );
}

/** As Notebook Kit does it: cells are written four blanks in. */
function dedent(text: string): string {
  const lines = text.split(/\r\n?|\n/);
  if (lines[lines.length - 1].trim() === "") lines.pop();
  if (lines.length > 0 && lines[0].trim() === "") lines.shift();
  return lines.map((line) => line.replace(/^ {4}/, "")).join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
};

function unescape(text: string): string {
  return text.replace(/&(amp|lt|gt|quot);/g, (entity) => ENTITIES[entity]);
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => Object.keys(ENTITIES).find((e) => ENTITIES[e] === c)!);
}
