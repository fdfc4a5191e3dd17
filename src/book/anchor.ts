// Names that a link can lead to: the id of a heading or of a term, made of its words.

/** Ids of the page around a chapter: no heading may take one of these. */
export const PAGE_IDS = [
  "text",
  "order",
  "contents",
  "search",
  "help",
  "yours",
  "kernel-state",
  "theme",
  "chapter-data",
] as const;

export function anchorOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\w]+/g, "-")
    .replace(/^-|-$/g, "");
}
