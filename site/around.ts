// What stands around the text: nothing of it is needed before the first cell has run.

import type {PageData} from "../src/book/page.ts";
import {element} from "./html.ts";
import {startOffline} from "./offline.ts";
import {startPaper} from "./paper.ts";
import {startProgress} from "./progress.ts";
import {breathe} from "./slices.ts";
import {startTerms} from "./terms.ts";
import {startTheme} from "./theme.ts";

/** In pieces, between which the page can answer its reader. */
export async function startAround(data: PageData, isLink: boolean): Promise<void> {
  // A link that is opened where the book is open already.
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#shared=")) location.reload();
  });
  for (const start of [
    startMenus,
    () => startTheme(document.getElementById("theme")!),
    () => startYours(document.getElementById("yours")!),
    () => {
      if (!isLink) startShare(data);
    },
    () => startProgress(data.chapter),
    startTerms,
    startPaper,
    startOffline,
  ]) {
    await breathe();
    start();
  }
}

/** Escape folds a menu of the header in again. */
function startMenus(): void {
  document.addEventListener("keydown", ({key, target}) => {
    if (key !== "Escape" || !(target instanceof Element)) return;
    const menu = target.closest<HTMLDetailsElement>("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary")!.focus();
  });
}

function startYours(place: HTMLElement): void {
  const sheet = element("div", {class: "sheet"});
  const menu = element("details", {class: "menu"}, element("summary", {}, "Yours"), sheet);
  menu.addEventListener(
    "toggle",
    () =>
      void import("./keepsake-menu.ts").then(
        ({fillKeepsake}) => fillKeepsake(sheet),
        () =>
          sheet.replaceChildren(
            "This menu could not be loaded (no network?): reload the page to try again.",
          ),
      ),
    {once: true},
  );
  place.replaceChildren(menu);
  place.hidden = false;
}

function startShare(data: PageData): void {
  const share = document.getElementById("share") as HTMLButtonElement;
  share.hidden = data.cells.length + data.listings.length === 0;
  share.addEventListener("click", () => {
    void import("./shared/share.ts").then(({openShare}) => openShare(data));
  });
}
