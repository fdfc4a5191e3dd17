// What stands around the text: nothing of it is needed before the first cell has run.

import type {PageData} from "../src/book/page.ts";
import {startFonts} from "./fonts.ts";
import {startKeepsake} from "./keepsake-menu.ts";
import {startOffline} from "./offline.ts";
import {startPaper} from "./paper.ts";
import {startProgress} from "./progress.ts";
import {startTerms} from "./terms.ts";
import {startTheme} from "./theme.ts";

export function startAround(data: PageData, isLink: boolean): void {
  startTheme(document.getElementById("theme")!);
  startProgress(data.chapter);
  startTerms();
  startPaper();
  startKeepsake(document.getElementById("yours")!);
  if (!isLink) startShare(data);
  startOffline();
  void startFonts();
  // A link that is opened where the book is open already.
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#shared=")) location.reload();
  });
}

function startShare(data: PageData): void {
  const share = document.getElementById("share") as HTMLButtonElement;
  share.hidden = data.cells.length + data.listings.length === 0;
  share.addEventListener("click", () => {
    void import("./shared/share.ts").then(({openShare}) => openShare(data));
  });
}
