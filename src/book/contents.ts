// The table of contents, chapters/contents.json: the reading order, and which functions of src/mm each chapter presents.
//
//     [{"chapter": "07-freezing-a-reference-count", "presents": ["page_ref_freeze", "page_ref_unfreeze"]}]
//
// A chapter presents a function where it shows it or says what it does; one function may be presented twice.

import {problem} from "./problem.ts";

export type Contents = readonly {
  /** Its file's name without the ending. */
  readonly chapter: string;
  readonly presents: readonly string[];
}[];

export function readContents(json: string): Contents {
  const contents = JSON.parse(json) as Contents;
  const names = contents.map(({chapter}) => chapter);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw problem(`contents.json has ${twice} twice`, {line: 1});
  return contents;
}

/** The chapters in the reading order. What is in the folder and not in the contents, or the other way round, is an error. */
export function inOrder<Source extends {readonly name: string}>(
  sources: readonly Source[],
  contents: Contents,
): readonly Source[] {
  const ordered = contents.map(({chapter}) => {
    const source = sources.find(({name}) => name === `${chapter}.md`);
    if (!source)
      throw problem(
        `contents.json has ${chapter}, and there is no file chapters/${chapter}.md`,
        {
          line: 1,
        },
      );
    return source;
  });
  const forgotten = sources.find((source) => !ordered.includes(source));
  if (forgotten)
    throw problem(
      `chapters/${forgotten.name} is not in contents.json: where is it to be read?`,
      {line: 1},
    );
  return ordered;
}
