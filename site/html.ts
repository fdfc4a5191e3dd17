// `html` and `svg` for cells: tagged templates that give an element. What is put in is text, elements, or, for an attribute that
// begins with "on", a function; never markup.

type Part = Node | string | number | boolean | null | undefined | Listener | readonly Part[];
type Listener = (event: Event) => unknown;

export function html(
  strings: TemplateStringsArray,
  ...parts: Part[]
): Element | DocumentFragment {
  return only(filled(strings, parts).content);
}

/** An element of a drawing: `svg`, or what stands inside of one. */
export function svg(
  strings: TemplateStringsArray,
  ...parts: Part[]
): Element | DocumentFragment {
  const isWhole = /^\s*<svg[\s>]/.test(strings[0]!);
  const {content} = filled(strings, parts, isWhole ? undefined : "svg");
  if (isWhole) return only(content);
  const inside = document.createDocumentFragment();
  inside.append(...content.firstElementChild!.childNodes);
  return only(inside);
}

/** `around`: an element in which all of it has to stand to be understood. */
function filled(
  strings: TemplateStringsArray,
  parts: readonly Part[],
  around?: string,
): HTMLTemplateElement {
  const template = document.createElement("template");
  const text = strings.reduce((before, string, i) => {
    const isInTag = before.lastIndexOf("<") > before.lastIndexOf(">");
    const part = parts[i - 1];
    if (typeof part === "function")
      return before.replace(/\bon(\w+)=(["']?)$/, `${HEARS}$1=$2${i - 1}`) + string;
    return before + (isInTag ? attribute(part) : `<!--${PLACE}${i - 1}-->`) + string;
  });
  template.innerHTML = around ? `<${around}>${text}</${around}>` : text;
  for (const [place, part] of placesIn(template.content))
    place.replaceWith(...nodesOf(parts[part]));
  if (parts.some((part) => typeof part === "function")) listen(template.content, parts);
  return template;
}

function only(content: DocumentFragment): Element | DocumentFragment {
  const nodes = [...content.childNodes].filter(
    (node) => !(node instanceof Text && node.data.trim() === ""),
  );
  return nodes.length === 1 && nodes[0] instanceof Element ? nodes[0] : content;
}

/** `onclick=${...}`: a function hears the event. The attribute must not be called so: a page may have no code in its text. */
const HEARS = "data-hears-";

function listen(content: DocumentFragment, parts: readonly Part[]): void {
  for (const element of content.querySelectorAll("*"))
    for (const {name, value} of [...element.attributes]) {
      if (!name.startsWith(HEARS)) continue;
      element.removeAttribute(name);
      element.addEventListener(name.slice(HEARS.length), parts[Number(value)] as Listener);
    }
}

/** A comment stands where a part goes: it may stand anywhere, also between the rows of a table. */
const PLACE = "part ";

function placesIn(content: DocumentFragment): [place: Comment, part: number][] {
  const comments = document.createTreeWalker(content, NodeFilter.SHOW_COMMENT);
  const found: [Comment, number][] = [];
  while (comments.nextNode()) {
    const comment = comments.currentNode as Comment;
    if (comment.data.startsWith(PLACE))
      found.push([comment, Number(comment.data.slice(PLACE.length))]);
  }
  return found;
}

function attribute(part: Part): string {
  return String((part as string) ?? "").replace(/[&"'<>]/g, (c) => `&#${c.charCodeAt(0)};`);
}

function nodesOf(part: Part): (Node | string)[] {
  if (Array.isArray(part)) return (part as readonly Part[]).flatMap(nodesOf);
  if (part === null || part === undefined || part === false) return [];
  return [part instanceof Node ? part : String(part as string)];
}

/** An element with attributes and children, for the book's own code. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
