// The browser's own names that a cell can use.

/** Not all of them: `name`, `status` or `top` are more often a slip than the window's. */
export const BROWSER: ReadonlySet<string> = new Set(
  (
    "window document navigator location localStorage performance crypto fetch setTimeout clearTimeout " +
    "setInterval clearInterval requestAnimationFrame cancelAnimationFrame matchMedia getComputedStyle " +
    "Node Element HTMLElement SVGElement Event CustomEvent EventTarget AbortController AbortSignal URL " +
    "URLSearchParams TextEncoder TextDecoder Blob Image IntersectionObserver ResizeObserver MutationObserver"
  ).split(" "),
);
