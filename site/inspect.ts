// Shows a value: an element as it is, anything else as it prints, and an object so that it can be opened. What a reader has opened
// stays open when the cell shows a new value in its place.

import {nameOf, print, printKey} from "../src/book/print.ts";
import {element} from "./html.ts";

/** Entries shown before "… more". */
const ENTRIES = 100;

/** The objects that are open: the keys that lead to each. */
export type Opened = ReadonlySet<string>;

export function inspect(value: unknown, opened: Opened = new Set()): Node {
  if (value instanceof Node) return value;
  return element("div", {class: "inspect"}, valueNode(value, "", opened));
}

/** In a sentence a text is a text, without quotes. */
export function inspectInline(value: unknown): Node {
  if (value instanceof Node) return value;
  if (typeof value === "string") return document.createTextNode(value);
  return element("span", {class: "inspect"}, print(value));
}

export function openedIn(shown: Node): Opened {
  if (!(shown instanceof Element)) return new Set();
  const details = shown.querySelectorAll<HTMLDetailsElement>("details[data-keys][open]");
  return new Set([...details].map((each) => each.dataset["keys"]!));
}

function valueNode(value: unknown, keys: string, opened: Opened): Node {
  if (value instanceof Node) return value;
  if (typeof value !== "object" || value === null)
    return element("span", {class: kindOf(value)}, print(value));
  const entries = entriesOf(value);
  if (entries === null || entries.length === 0) return element("span", {}, print(value));

  const details = element(
    "details",
    {"data-keys": keys},
    element("summary", {}, print(value, 1)),
  );
  const fill = (): void => details.append(listOf(value, entries, keys, opened));
  if (opened.has(keys)) {
    fill();
    details.open = true;
  } else details.addEventListener("toggle", fill, {once: true});
  return details;
}

function listOf(
  value: object,
  entries: readonly (readonly [string, unknown])[],
  keys: string,
  opened: Opened,
): HTMLElement {
  const rows = entries
    .slice(0, ENTRIES)
    .map(([key, item]) =>
      element(
        "li",
        {},
        element("span", {class: "key"}, `${key}: `),
        valueNode(item, `${keys} ${key}`, opened),
      ),
    );
  if (entries.length > ENTRIES)
    rows.push(element("li", {}, `… ${entries.length - ENTRIES} more`));
  return element("ul", {"aria-label": nameOf(value).trim() || "entries"}, ...rows);
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] | null {
  if (value instanceof Map) return [...value].map(([key, item]) => [print(key), item]);
  if (value instanceof Set) return [...value].map((item, i) => [String(i), item]);
  if (value instanceof Error || value instanceof Date || value instanceof RegExp) return null;
  return Object.entries(value).map(([key, item]) => [printKey(key), item]);
}

function kindOf(value: unknown): string {
  if (typeof value === "string") return "code-string";
  if (typeof value === "number" || typeof value === "bigint") return "code-number";
  return typeof value === "boolean" || value == null ? "code-keyword" : "";
}
