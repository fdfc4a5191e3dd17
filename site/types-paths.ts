// Where the type checker has what every text may take names from.

/** Everything that the kernel's files declare. */
export const KERNEL = "/kernel.d.ts";

/** And where they are. */
export const KERNEL_FILES = "/src/mm/";

/** What the book gives to cells. */
export const CELL_TYPES = "/site/cell-types.d.ts";

/** What the browser has for cells (browser-names.ts), and what that leads to. */
export const BROWSER_TYPES = "/lib/browser.d.ts";

/** And of that what only some elements have. */
export const ELEMENT_TYPES = "/lib/elements.d.ts";

/** What the language has for few (rare-names.ts). */
export const RARE_TYPES = "/lib/rare.d.ts";
