// Search and help, and the keys of the page, which are there from the start; a dialog is loaded with its first use.

import {readText} from "./storage.ts";
import {isTyping, KEYS_OFF} from "./typing.ts";

export function startFurniture(): void {
  const search = document.getElementById("search") as HTMLButtonElement;
  const help = document.getElementById("help") as HTMLButtonElement;
  const openSearch = () => void import("./search.ts").then((search) => search.openSearch());
  const openHelp = () => void import("./help.ts").then((help) => help.openHelp());

  search.hidden = help.hidden = false;
  search.addEventListener("click", openSearch);
  help.addEventListener("click", openHelp);
  const turnTo = (rel: string) => () =>
    document.querySelector<HTMLAnchorElement>(`.neighbours [rel="${rel}"]`)?.click();
  const keys: Readonly<Record<string, () => void>> = {
    "/": openSearch,
    "?": openHelp,
    j: turnTo("next"),
    k: turnTo("prev"),
  };
  addEventListener("keydown", (event) => {
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (!act || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey)
      return;
    if (isTyping(event) || document.querySelector("dialog[open]") || readText(KEYS_OFF)) return;
    event.preventDefault();
    act();
  });
}
