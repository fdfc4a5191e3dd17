// Where a page has its cells, their outputs and the functions of the kernel.

/** The first of the page for each value of `data-…`: one look at the page for all of them. */
export function elementsBy(
  kind: "cell" | "output" | "kernel",
): ReadonlyMap<string, HTMLElement> {
  const all = [...document.querySelectorAll<HTMLElement>(`[data-${kind}]`)];
  return new Map(all.toReversed().map((one) => [one.dataset[kind]!, one]));
}
