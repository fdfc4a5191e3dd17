// The reading order, by the names of the files: chapters have a number, appendices a letter, and what has neither
// comes last.
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

/** Compares names of files or pages, to sort them. */
export function inReadingOrder(a: string, b: string): number {
  const [first, second] = [placeInOrder(a), placeInOrder(b)];
  const difference = (first.number ?? Infinity) - (second.number ?? Infinity);
  // Two without a number: NaN. Capital letters sort before small ones.
  return difference || (a < b ? -1 : a > b ? 1 : 0);
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
