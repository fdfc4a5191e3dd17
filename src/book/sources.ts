// The sources: mails by their Message-ID, commits by their hash. All of them stand in one file, chapters/sources.json;
// a chapter cites one by its key, `[@horn-2021-06-07-17:27]`, and shows its identifier, which leads to the page of the
// sources. There is the address of the archive, for a reader to follow: no page asks anybody for anything by itself.

import type {MarkdownIt} from "markdown-it";
import {anchorOf} from "./anchor.ts";
import {escapeHtml} from "./html.ts";
import {problem} from "./problem.ts";

type Common = {
  readonly author: string;
  /** As the source has it: `2021-06-07 17:27 UTC`, `2022-02`. */
  readonly date: string;
  /** In our own words: what a reader finds there. */
  readonly about: string;
};

export type Source =
  | (Common & {readonly mail: string; readonly commit?: never})
  | (Common & {readonly commit: string; readonly mail?: never; readonly version?: string});

/** Sources by their keys. */
export type Sources = ReadonlyMap<string, Source>;

export function readSources(json: string): Sources {
  const sources = new Map(Object.entries(JSON.parse(json) as Record<string, Source>));
  for (const [key, source] of sources) {
    if (!source.mail === !source.commit)
      throw problem(`sources.json, ${key}: a source is either a mail or a commit`);
    if (source.mail && !/^[^\s@<>]+@[^\s@<>]+$/.test(source.mail))
      throw problem(`sources.json, ${key}: a Message-ID looks like name@host, without < and >`);
    if (source.commit && !/^[0-9a-f]{12,40}$/.test(source.commit))
      throw problem(`sources.json, ${key}: a commit has 12 to 40 digits of its hash`);
    for (const field of ["author", "date", "about"] as const)
      if (!source[field]) throw problem(`sources.json, ${key}: it has no ${field}`);
  }
  return sources;
}

/** Teaches markdown-it the citations. Answers with the keys that were cited, to be asked when all is rendered. */
export function useSources(
  markdown: MarkdownIt,
  sources: Sources | null,
): () => readonly string[] {
  const cited = new Set<string>();
  markdown.inline.ruler.before("link", "source", (state, silent) => {
    const match = /^\[@([\w.:-]+)\]/.exec(state.src.slice(state.pos, state.posMax));
    if (!match) return false;
    state.pos += match[0].length;
    if (silent) return true;

    const key = match[1]!;
    const source = sources?.get(key);
    if (sources && !source)
      throw problem(
        `there is no source [@${key}] (write what it is into chapters/sources.json, under that key)`,
      );
    cited.add(key);
    const shown = source ? (source.mail ?? source.commit.slice(0, 12)) : key;
    state.push("html_inline", "", 0).content =
      `<a class="source-id" href="sources.html#${anchorOf(key)}"><code>${escapeHtml(shown)}</code></a>`;
    return true;
  });
  return () => [...cited];
}

/** Where the archive has it. A slash in a Message-ID would end the address too early. */
export function addressOf(source: Source): string {
  return source.mail
    ? `https://lore.kernel.org/all/${source.mail.replaceAll("/", "%2F")}/`
    : `https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/commit/?id=${source.commit}`;
}

/** The lists on the page of the sources, as Markdown: mails and commits apart, the oldest first, and who cites each. */
export function sourcesMarkdown(
  sources: Sources,
  citedIn: ReadonlyMap<string, readonly {readonly label: string; readonly href: string}[]>,
): string {
  const all = [...sources].sort(([, a], [, b]) => (a.date < b.date ? -1 : 1));
  const mails = all.filter(([, source]) => source.mail);
  const commits = all.filter(([, source]) => source.commit);
  return [...list("Mails", mails), ...list("Commits", commits)].join("\n\n");

  function list(title: string, entries: typeof all): string[] {
    if (entries.length === 0) return [];
    const items = entries.map(([key, source]) => entry(key, source));
    return [`## ${title}`, `<ol class="sources">\n${items.join("\n")}\n</ol>`];
  }

  function entry(key: string, source: Source): string {
    const {author, date, about} = source;
    const version = source.commit && source.version ? `, ${source.version}` : "";
    const links = (citedIn.get(key) ?? []).map(
      ({label, href}) => `<a href="${href}">${escapeHtml(label)}</a>`,
    );
    const cited =
      links.length > 0 ? `<br><span class="cited">Cited in ${links.join(", ")}.</span>` : "";
    const address = escapeHtml(addressOf(source));
    const what = escapeHtml(`${date}${version}. ${about}`);
    return (
      `<li id="${anchorOf(key)}"><b>${escapeHtml(author)}</b>, ${what}` +
      `<br><a class="address" href="${address}" rel="external">${address}</a>${cited}</li>`
    );
  }
}
