// Which chapters have been read to their end. The list of chapters says so, in a mark and in a word, and can forget it.

import {element} from "./html.ts";
import {readText, removeText, writeText} from "./storage.ts";

/** Who looks at the end of a chapter for this long, in milliseconds, has come to it. */
const GLANCE = 1000;

export function startProgress(chapter: string): void {
  const order = document.getElementById("order")!;
  const links = [...order.querySelectorAll<HTMLAnchorElement>("[data-chapter]")];
  const own = links.find((link) => chapterOf(link) === chapter);
  const tally = element("p", {class: "tally"});
  order.append(tally);
  show();

  const end = document.querySelector(".neighbours");
  if (own && end)
    whenSeen(end, () => {
      writeText(keyOf(chapter), "1");
      show();
    });

  function show(): void {
    const read = links.filter((link) => readText(keyOf(chapterOf(link))) !== null);
    for (const link of links) {
      link.querySelector(".read")?.remove();
      if (read.includes(link)) link.append(mark());
    }
    const forget = element("button", {type: "button", class: "plain"}, "forget");
    forget.addEventListener("click", () => {
      for (const link of links) removeText(keyOf(chapterOf(link)));
      show();
      links[0]?.focus();
    });
    const said = `${read.length} of ${links.length} read to the end: `;
    tally.replaceChildren(...(read.length > 0 ? [said, forget] : []));
  }
}

function mark(): HTMLElement {
  const seen = element("span", {"aria-hidden": "true"}, " ✓");
  return element("span", {class: "read"}, seen, element("span", {class: "unseen"}, ", read"));
}

/** Calls `then` once, when `what` has been in sight for a while. */
function whenSeen(what: Element, then: () => void): void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const observer = new IntersectionObserver((entries) => {
    clearTimeout(waiting);
    if (!entries.at(-1)!.isIntersecting) return;
    waiting = setTimeout(() => {
      observer.disconnect();
      then();
    }, GLANCE);
  });
  observer.observe(what);
}

function chapterOf(link: HTMLElement): string {
  return link.dataset["chapter"]!;
}

function keyOf(chapter: string): string {
  return `tailpage:read:${chapter}`;
}
