// The search: a field over the page, and under it what was found, with its words marked. The index was made with the book and is
// loaded here, on the first use.

import MiniSearch, {type SearchResult} from "minisearch";
import {OPTIONS, termsOf, type Section} from "../src/book/search-terms.ts";
import {createDialog} from "./dialog.ts";
import {excerptOf} from "./excerpt.ts";
import {element} from "./html.ts";

/** More than anybody reads. */
const MOST = 20;

export function openSearch(): void {
  const known = document.getElementById("search-dialog") as HTMLDialogElement | null;
  const dialog = known ?? createSearch();
  dialog.showModal();
  const field = dialog.querySelector("input")!;
  field.focus();
  field.select();
}

function createSearch(): HTMLDialogElement {
  const field = element("input", {
    type: "search",
    "aria-label": "search the book",
    placeholder: "a word, or a name of the kernel",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "search",
  });
  const said = element("p", {role: "status", class: "said"});
  const list = element("ol", {class: "results"});
  const dialog = createDialog("search-dialog", "Search", field, said, list);
  const index = loadIndex();

  field.addEventListener("input", () => void show());
  dialog.addEventListener("keydown", move);
  list.addEventListener("click", ({target}) => {
    if ((target as Element).closest("a")) dialog.close();
  });
  return dialog;

  async function show(): Promise<void> {
    const question = field.value.trim();
    try {
      const found = question ? (await index).search(question) : [];
      // What was typed meanwhile has its own turn.
      if (field.value.trim() !== question) return;
      list.replaceChildren(...found.slice(0, MOST).map(resultItem));
      list.scrollTop = 0;
      said.textContent = question ? sentence(found.length) : "";
    } catch {
      said.textContent =
        "the index of the book could not be loaded (no network?): close this and try again later";
    }
  }

  function move(event: KeyboardEvent): void {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    if (event.key === "ArrowDown") (links[at + 1] ?? links.at(-1))?.focus();
    else if (event.key === "ArrowUp") (links[at - 1] ?? field).focus();
    else if (event.key === "Enter" && event.target === field) links[0]?.click();
    // A search field would only empty itself.
    else if (event.key === "Escape") dialog.close();
    else {
      // Who types on goes on with the question.
      if (at >= 0 && event.key.length === 1 && !event.ctrlKey && !event.metaKey) field.focus();
      return;
    }
    event.preventDefault();
  }
}

async function loadIndex(): Promise<MiniSearch<Section>> {
  const response = await fetch("search.json");
  if (!response.ok) throw new Error(`search.json: ${response.status}`);
  return await MiniSearch.loadJSONAsync<Section>(await response.text(), OPTIONS);
}

function sentence(count: number): string {
  if (count === 0)
    return "Nothing was found. The beginning of a word is enough, and fewer words find more.";
  if (count > MOST) return `The first ${MOST} of ${count} places:`;
  return count === 1 ? "One place:" : `${count} places:`;
}

function resultItem(result: SearchResult): HTMLElement {
  const {href, chapter, heading, text} = result as SearchResult & Section;
  const terms = new Set(result.terms);
  const title = element("span", {class: "title"}, ...marked(heading || chapter, terms));
  const where = heading ? [element("span", {class: "chapter"}, chapter)] : [];
  const said = element("span", {class: "excerpt"}, ...marked(excerptOf(text, terms), terms));
  return element("li", {}, element("a", {href}, title, ...where, said));
}

/** The words that were found, marked. A part of a name marks the name. */
function marked(text: string, terms: ReadonlySet<string>): (Node | string)[] {
  return text
    .split(/(\w+)/)
    .map((word) =>
      termsOf(word).some((term) => terms.has(term)) ? element("mark", {}, word) : word,
    );
}
