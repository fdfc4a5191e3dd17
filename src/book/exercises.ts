// Exercises: what is folded away below a question, and the answers that the build tries out.
//
//     ::: hint
//     Look at the second load.
//     :::
//
//     ::: solution
//     ```ts solution=attempt check=answer
//     const limit = 2;
//     // → Holds. …
//     ```
//     :::
//
// How hard one is stands before its title: one to three stars.
//
// A solution takes the place of a cell, or of a function of the kernel that the chapter shows. What `check` shows then must
// meet the lines of the solution; what it shows before must not.

import container from "markdown-it-container";
import type {MarkdownIt, Token} from "markdown-it";

export type Solution = {
  /** The cell, or the function of the kernel, in whose place it stands. */
  readonly target: string;
  /** The cell that shows whether it is one. */
  readonly check: string;
  readonly code: string;
  /** Of the chapter, on which `code` begins. */
  readonly line: number;
};

const FOLDS = {hint: "A hint", solution: "A solution"};

/** Teaches markdown-it what can be folded away. */
export function useFolds(markdown: MarkdownIt): void {
  for (const [name, summary] of Object.entries(FOLDS))
    markdown.use(container, name, {
      render: (tokens: readonly Token[], i: number) =>
        tokens[i]!.nesting === 1
          ? `<details class="${name}">\n<summary>${summary}</summary>\n`
          : "</details>\n",
    });
}

/** Teaches markdown-it the stars before a title. They are drawn: to find a font that has them takes a browser longer than to lay out a page. */
export function useStars(markdown: MarkdownIt): void {
  markdown.inline.ruler.before("text", "stars", (state, silent) => {
    const stars = state.pos === 0 ? /^★{1,3} /.exec(state.src) : null;
    if (!stars) return false;
    const count = stars[0].length - 1;
    if (!silent) state.push("html_inline", "", 0).content = starsHtml(count);
    state.pos += stars[0].length;
    return true;
  });
}

function starsHtml(count: number): string {
  const star =
    '<svg viewBox="0 0 16 16"><path fill="currentColor" d="m8 1 2.1 4.6 5 .6-3.7 3.4 1 4.9L8 12l-4.4 2.5 1-4.9L.9 6.2l5-.6z"/></svg>';
  return `<span class="stars" role="img" aria-label="${count} of 3 stars:">${star.repeat(count)}</span> `;
}
