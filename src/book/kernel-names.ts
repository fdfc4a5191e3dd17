// Functions of the kernel in a sentence: `{mm/gup.c#try_get_compound_head}` is typeset as "mm/gup.c,
// try_get_compound_head(), v5.13", and only if the book knows that the kernel has it there. It knows the functions that
// it models, and those of chapters/kernel-names.json. Another version is said: `{mm/rmap.c#try_to_migrate@v5.14}`.

import type {MarkdownIt} from "markdown-it";
import {escapeHtml} from "./html.ts";
import {problem} from "./problem.ts";

const VERSION = "v5.13";

/** The functions that are known, by file and version: `mm/rmap.c@v5.14`; without a version it is v5.13. */
export type KernelNames = ReadonlyMap<string, ReadonlySet<string>>;

/** A file of the model: its text, and the names that it defines. */
export type Modelled = {readonly text: string; readonly names: readonly string[]};

export function kernelNames(
  modelled: readonly Modelled[],
  listed: Readonly<Record<string, readonly string[]>>,
): KernelNames {
  const known = new Map<string, Set<string>>();
  const add = (file: string, names: readonly string[]): void => {
    const key = file.replace(`@${VERSION}`, "");
    known.set(key, new Set([...(known.get(key) ?? []), ...names]));
  };
  for (const {text, names} of modelled) for (const file of filesOf(text)) add(file, names);
  for (const [file, names] of Object.entries(listed)) add(file, names);
  return known;
}

/** A file of the model says in its first paragraph which files of the kernel it models. */
function filesOf(text: string): readonly string[] {
  const paragraph = text.split(/^(?:\/\/)?\s*$/m, 1)[0]!;
  if (!paragraph.includes("Models")) return [];
  return paragraph.match(/[\w/-]+\.[ch]\b/g) ?? [];
}

export function useKernelNames(markdown: MarkdownIt, known: KernelNames | null): void {
  markdown.inline.ruler.before("escape", "kernel-name", (state, silent) => {
    const match = /^\{([\w/-]+\.[chS])#(\w+)(?:@(v[\d.]+(?:-rc\d+)?))?\}/.exec(
      state.src.slice(state.pos, state.posMax),
    );
    if (!match) return false;
    state.pos += match[0].length;
    if (silent) return true;

    const [, file, name, version = VERSION] = match as unknown as [
      string,
      string,
      string,
      string?,
    ];
    if (known) check(known, file, name, version);
    state.push("html_inline", "", 0).content =
      `<span class="kernel-name"><code>${escapeHtml(file)}</code>, <code>${escapeHtml(name)}()</code>, ${version}</span>`;
    return true;
  });
}

function check(known: KernelNames, file: string, name: string, version: string): void {
  const key = version === VERSION ? file : `${file}@${version}`;
  if (known.get(key)?.has(name)) return;
  const elsewhere = [...known].find(([, names]) => names.has(name))?.[0];
  const hint = elsewhere
    ? `it is known in ${elsewhere}`
    : `if the kernel has it there, add it to chapters/kernel-names.json under "${key}"`;
  throw problem(`${name}() is not known in ${key} (${hint})`);
}
