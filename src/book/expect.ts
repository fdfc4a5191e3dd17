// What a cell should show, written in its own text:
//
//     display(2 + 2)
//     // → 4
//
// The lines are for the reader; the tests hold the book to them.

export type Expectation = {
  /** From 1, in the cell's text. */
  readonly line: number;
  readonly text: string;
};

export function expectationsOf(source: string): readonly Expectation[] {
  return source.split("\n").flatMap((text, i) => {
    const match = /^\s*\/\/ → ?(.*)$/.exec(text);
    return match ? [{line: i + 1, text: match[1]!.trim()}] : [];
  });
}

/**
 * The expectations that what was displayed does not meet, as sentences. They are met in the order of the text; a
 * display without an expectation is passed over. `…` in an expectation stands for anything.
 */
export function unmet(source: string, displayed: readonly string[]): readonly string[] {
  let next = 0;
  for (const {line, text} of expectationsOf(source)) {
    const found = displayed.findIndex((shown, i) => i >= next && meets(shown, text));
    if (found < 0) return [sentence(line, text, displayed.slice(next))];
    next = found + 1;
  }
  return [];
}

function meets(shown: string, expected: string): boolean {
  const pattern = flat(expected).split("…").map(escaped).join(".*");
  return [shown, unquoted(shown)].some((text) =>
    new RegExp(`^${pattern}$`, "s").test(flat(text)),
  );
}

function sentence(line: number, text: string, displayed: readonly string[]): string {
  const instead = displayed.length === 0 ? "nothing" : displayed.map(flat).join(" | ");
  return `line ${line} of the cell says it shows "${text}", but it shows ${instead}`;
}

/** A string prints with its quotes; the text may leave them out. */
function unquoted(shown: string): string {
  return /^".*"$/s.test(shown) ? (JSON.parse(shown) as string) : shown;
}

function flat(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
