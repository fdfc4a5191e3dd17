// Making elements: what the timeline needs of HTML and SVG, and not more.

type Child = Node | string;
type Attributes = Readonly<Record<string, string | number>>;

function fill<E extends Element>(
  made: E,
  attributes: Attributes,
  children: readonly Child[],
): E {
  for (const [name, value] of Object.entries(attributes))
    made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  return fill(made, attributes, children);
}

/** Code that wraps behind a dot or a bracket if it can, rather than within a word, and never within an arrow. */
export function breakable(text: string): Node[] {
  return text.split(/(->)|(?<=[.(])(?=[^.()])/).flatMap((part, i) => {
    if (!part) return [];
    if (part === "->") return [html("span", {class: "arrow"}, part)];
    const piece = document.createTextNode(part);
    return i === 0 ? [piece] : [html("wbr"), piece];
  });
}

/** Sets the hue of a CPU for `element` and what it contains: the style sheet's `--hue`. */
export function paint<E extends HTMLElement | SVGElement>(element: E, thread: number): E {
  const hue = thread < 0 ? "var(--finding)" : `var(--cpu${thread % 4})`;
  element.style.setProperty("--hue", hue);
  return element;
}

/** The name of a CPU in its hue. */
export function cpuLabel(thread: number, name: string): HTMLElement {
  return paint(html("b", {class: "timeline-cpu"}, name), thread);
}
