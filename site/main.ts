// Starts a page of the book: its theme, what stands around the text, and the chapter itself; or, where the address is a link that carries
// somebody's code, the place where such a link arrives.

import "./fonts.css";
import "./style.css";
import "./furniture.css";
import "./print.css";
import type {PageData} from "../src/book/page.ts";
import {startFurniture} from "./furniture.ts";
import {startKeepsake} from "./keepsake-menu.ts";
import {startOffline} from "./offline.ts";
import {startReading} from "./reading.ts";
import {startTheme} from "./theme.ts";

const data = JSON.parse(document.getElementById("chapter-data")!.textContent) as PageData;

startOffline();
startTheme(document.getElementById("theme")!);
startFurniture(data.chapter);
startKeepsake(document.getElementById("yours")!);
startShare();
if (isLink()) await import("./shared/arrival.ts").then(({arrive}) => arrive(data));
else await startReading(data);

// A link that is opened where the book is open already.
addEventListener("hashchange", () => {
  if (isLink()) location.reload();
});

function isLink(): boolean {
  return location.hash.startsWith("#shared=");
}

function startShare(): void {
  const share = document.getElementById("share") as HTMLButtonElement;
  share.hidden = data.cells.length + data.listings.length === 0 || isLink();
  share.addEventListener("click", () => {
    void import("./shared/share.ts").then(({openShare}) => openShare(data));
  });
}
