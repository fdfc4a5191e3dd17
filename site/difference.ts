// What differs between two texts, line by line, as one reads a patch: with a few lines around each change.

import {structuredPatch} from "diff";
import {element} from "./html.ts";

const AROUND = 2;

export function difference(before: string, after: string): HTMLElement {
  const {hunks} = structuredPatch("", "", `${before}\n`, `${after}\n`, "", "", {
    context: AROUND,
  });
  const lines = hunks.flatMap(({lines: some}, i) => (i > 0 ? ["…", ...some] : some));
  const list = element("pre", {class: "difference", tabindex: "0", "aria-label": "difference"});
  list.append(...lines.flatMap((line) => [lineOf(line), "\n"]));
  return list;
}

/** In words as well, for who cannot see the colour. */
const KINDS: Readonly<Record<string, readonly [kind: "ins" | "del", said: string]>> = {
  "+": ["ins", "added: "],
  "-": ["del", "removed: "],
};

function lineOf(line: string): HTMLElement {
  const [kind, said] = KINDS[line[0]] ?? ["span", ""];
  const sign = element("span", {"aria-hidden": "true"}, line[0] ?? "");
  return element(
    kind as "span",
    {},
    sign,
    element("span", {class: "unseen"}, said),
    line.slice(1),
  );
}
