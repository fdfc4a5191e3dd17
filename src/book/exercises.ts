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
