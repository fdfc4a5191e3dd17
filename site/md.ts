// `md` for cells: Markdown that becomes elements. What is put in is text, or elements; never markup.

import createMarkdown from "markdown-it";

const markdown = createMarkdown({
  html: false,
  typographer: true,
  quotes: "“”‘’",
  linkify: true,
});

export function md(strings: TemplateStringsArray, ...parts: unknown[]): HTMLElement {
  const text = strings.reduce((before, string, i) => {
    const part = parts[i - 1];
    return before + (part instanceof Node ? placeOf(i - 1) : String(part)) + string;
  });
  const made = document.createElement("div");
  made.className = "md";
  made.innerHTML = markdown.render(unindented(text));
  putNodes(made, parts);
  return made;
}

/** A word that nobody writes stands where an element goes. */
function placeOf(part: number): string {
  return `\uE000${part}\uE001`;
}

function putNodes(made: HTMLElement, parts: readonly unknown[]): void {
  const texts = document.createTreeWalker(made, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (texts.nextNode()) found.push(texts.currentNode as Text);
  for (const text of found) {
    const pieces = text.data.split(/\uE000(\d+)\uE001/);
    if (pieces.length > 1)
      text.replaceWith(
        ...pieces.map((piece, i) => (i % 2 === 1 ? (parts[Number(piece)] as Node) : piece)),
      );
  }
}

/** A template is indented like the code around it; to Markdown that would be a block of code. */
function unindented(text: string): string {
  const lines = text.split("\n");
  const depths = lines.slice(1).flatMap((line) => (/\S/.test(line) ? [line.search(/\S/)] : []));
  const depth = depths.length > 0 ? Math.min(...depths) : 0;
  return lines.map((line, i) => (i === 0 ? line : line.slice(depth))).join("\n");
}
