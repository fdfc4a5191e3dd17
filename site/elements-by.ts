// Where a page has its cells, their outputs and the functions of the kernel.

/** The first of the page for each value of `data-…`, as they stand on it: one look at the page for all of them. */
export function elementsBy(
  kind: "cell" | "output" | "kernel",
): ReadonlyMap<string, HTMLElement> {
  const found = new Map<string, HTMLElement>();
  for (const element of document.querySelectorAll<HTMLElement>(`[data-${kind}]`)) {
    const name = element.dataset[kind]!;
    if (!found.has(name)) found.set(name, element);
  }
  return found;
}
