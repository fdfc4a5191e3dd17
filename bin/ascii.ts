// The page's code in ASCII. A browser keeps a script with a single letter beyond it in two bytes a letter, and takes twice as long until it has
// read it: TypeScript has 29 such letters in four million.

import type {Plugin} from "vite";

/** As it is written in a string, in a template, in a regular expression or in a name: it means the same in each. Only `String.raw` would see it. */
export function inAscii(code: string): string {
  return code.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

export function ascii(): Plugin {
  return {
    name: "tailpage-ascii",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === "chunk") file.code = inAscii(file.code);
    },
  };
}
