// Where a chapter stands, by the name of its file: chapters have a number, appendices a letter.
//
//     00-start-here.md   11-the-thread.md   A-how-the-explorer-works.md   afterword.md

export type Place = {
  /** 11, or null where the file's name has none. */
  readonly number: number | null;
  /** `A`, or null where it is no appendix. */
  readonly letter: string | null;
};

export function placeInOrder(slug: string): Place {
  const chapter = /^(\d+)-/.exec(slug);
  const appendix = /^([A-Z])-/.exec(slug);
  return {number: chapter ? Number(chapter[1]) : null, letter: appendix?.[1] ?? null};
}

/** What stands over the title: `Chapter 11`, `Appendix A`. The first page has nothing to count yet. */
export function kickerOf({number, letter}: Place): string | null {
  if (number) return `Chapter ${number}`;
  return letter === null ? null : `Appendix ${letter}`;
}

/** A title with its number or letter, as lists have it. */
export function labelOf(
  {number, letter, title}: Place & {title: string},
  between: string,
): string {
  const mark = number ? String(number) : letter;
  return mark === null ? title : `${mark}${between}${title}`;
}
