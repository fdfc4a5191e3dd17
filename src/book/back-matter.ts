// The pages behind the book: sources, how to cite it, keys and browsers, and what to do when the model is wrong. Their text
// is in chapters/back, as Markdown like any chapter's; what only the build knows is put in for {{...}}.

import type {Chapter, ChapterSource} from "./chapter.ts";
import {bibtexOf, citationOf, type Edition} from "./edition.ts";
import {escapeHtml} from "./html.ts";
import {KEYS} from "./keys.ts";
import {labelOf} from "./order.ts";
import {problem} from "./problem.ts";
import {sourcesMarkdown, type Sources} from "./sources.ts";

/** What the pages behind the book are told. */
export type Facts = {
  readonly edition: Edition;
  /** The text of CITATION.cff. */
  readonly citation: string;
  readonly sources: Sources;
  readonly chapters: readonly Chapter[];
  /** Where a wrong model is reported, or null where nobody has said. */
  readonly issues: string | null;
};

export function fillBackMatter({name, text}: ChapterSource, facts: Facts): ChapterSource {
  const known: Readonly<Record<string, () => string>> = {
    edition: () => facts.edition.name,
    bibtex: () => bibtexOf(facts.edition),
    citation: () => citationOf(facts.edition, facts.citation),
    sources: () => sourcesMarkdown(facts.sources, citedIn(facts.chapters)),
    keys: keysHtml,
    report: () => reportMarkdown(facts.issues),
  };
  const filled = text.replace(/\{\{(\w+)\}\}/g, (_, word: string) => {
    const value = known[word];
    if (!value)
      throw problem(
        `${name}: {{${word}}} stands for nothing (there is ${Object.keys(known).join(", ")})`,
      );
    return value();
  });
  return {name, text: filled};
}

function citedIn(chapters: readonly Chapter[]): Map<string, {label: string; href: string}[]> {
  const places = new Map<string, {label: string; href: string}[]>();
  for (const chapter of chapters)
    for (const key of chapter.cited) {
      const place = {label: labelOf(chapter, " "), href: `${chapter.slug}.html`};
      places.set(key, [...(places.get(key) ?? []), place]);
    }
  return places;
}

function keysHtml(): string {
  return KEYS.map(({where, keys}) => {
    const rows = keys.map(({keys: names, does}) => {
      const shown = names.map((key) => `<kbd>${escapeHtml(key)}</kbd>`).join(" ");
      return `<tr><th scope="row">${shown}</th><td>${escapeHtml(does)}</td></tr>`;
    });
    return `<table class="keys"><caption>${escapeHtml(where)}</caption><tbody>${rows.join("")}</tbody></table>`;
  }).join("\n");
}

function reportMarkdown(issues: string | null): string {
  return issues === null
    ? "This copy of the book does not know where its readers report such things. Whoever gave you its address will."
    : `[Report it](${issues}).`;
}
