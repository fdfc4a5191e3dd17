// Margin notes. `[^1]` in the text and `[^1]: the note` on a line of its own, as footnotes are written anywhere; on a
// desk the note stands in the margin beside its line, on a phone it follows in the text. A note whose label is a
// word, `[^entry]`, explains a term and gets no number.

import type {MarkdownIt} from "markdown-it";
import {problem} from "./problem.ts";

export type Notes = ReadonlyMap<string, {readonly text: string; readonly line: number}>;

/** Takes the notes out of a chapter's text. Their lines stay, empty, so that all others keep their numbers. */
export function takeNotes(markdown: string): {readonly text: string; readonly notes: Notes} {
  const notes = new Map<string, {text: string; line: number}>();
  const lines = markdown.split("\n");
  let fence: string | null = null;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const tick = /^(```+|~~~+)/.exec(line)?.[1];
    if (tick && fence === null) fence = tick;
    else if (tick && fence !== null && line.startsWith(fence)) fence = null;
    if (fence !== null) continue;

    const start = /^\[\^([\w-]+)\]:\s*(.*)$/.exec(line);
    if (!start) continue;
    const text = [start[2]!];
    const first = i + 1;
    lines[i] = "";
    while (/^\s+\S/.test(lines[i + 1] ?? "")) {
      text.push(lines[++i]!.trim());
      lines[i] = "";
    }
    notes.set(start[1]!, {text: text.join(" "), line: first});
  }
  return {text: lines.join("\n"), notes};
}

/** Teaches markdown-it the references. Their order in the text numbers them. */
export function useNotes(markdown: MarkdownIt, notes: Notes): () => void {
  const used = new Map<string, number | null>();
  let count = 0;

  markdown.inline.ruler.before("link", "note", (state, silent) => {
    const match = /^\[\^([\w-]+)\]/.exec(state.src.slice(state.pos, state.posMax));
    if (!match) return false;
    const label = match[1]!;
    const note = notes.get(label);
    if (!note)
      throw problem(
        `there is no note [^${label}] (write it on a line of its own: "[^${label}]: ...")`,
      );
    if (!silent) {
      const number = /^\d/.test(label) ? ++count : null;
      used.set(label, number);
      state.push("html_inline", "", 0).content = noteHtml(
        label,
        number,
        markdown.renderInline(note.text),
      );
    }
    state.pos += match[0].length;
    return true;
  });

  return () => {
    for (const [label, {line}] of notes)
      if (!used.has(label)) throw problem(`nothing refers to the note [^${label}]`, {line});
  };
}

function noteHtml(label: string, number: number | null, html: string): string {
  const mark =
    number === null
      ? ""
      : `<sup class="ref" id="ref-${label}"><a href="#note-${label}">${number}</a></sup>`;
  const again = number === null ? "" : `<sup>${number}</sup> `;
  const kind = number === null ? "note term" : "note";
  return `${mark}<span class="${kind}" role="note" id="note-${label}">${again}${html}</span>`;
}
