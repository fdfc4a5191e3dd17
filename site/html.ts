// `html` for cells: a tagged template that gives an element. What is put in is text, or elements; never markup.

type Part = Node | string | number | boolean | null | undefined | readonly Part[];

export function html(
  strings: TemplateStringsArray,
  ...parts: Part[]
): Element | DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = strings.reduce((text, string, i) => {
    const isInTag = text.lastIndexOf("<") > text.lastIndexOf(">");
    const part = parts[i - 1];
    return text + (isInTag ? attribute(part) : `<!--${PLACE}${i - 1}-->`) + string;
  });
  for (const [place, part] of placesIn(template.content))
    place.replaceWith(...nodesOf(parts[part]));

  const nodes = [...template.content.childNodes].filter(
    (node) => !(node instanceof Text && node.data.trim() === ""),
  );
  return nodes.length === 1 && nodes[0] instanceof Element ? nodes[0] : template.content;
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
  return String(part ?? "").replace(/[&"'<>]/g, (c) => `&#${c.charCodeAt(0)};`);
}

function nodesOf(part: Part): (Node | string)[] {
  if (Array.isArray(part)) return (part as readonly Part[]).flatMap(nodesOf);
  if (part === null || part === undefined || part === false) return [];
  return [part instanceof Node ? part : String(part)];
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
