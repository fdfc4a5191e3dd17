// The list of keys, on `?`. Single letters get in the way of those who speak to their computer, so they can be turned off.

import {KEYS} from "../src/book/keys.ts";
import {createDialog} from "./dialog.ts";
import {element} from "./html.ts";
import {readText, removeText, writeText} from "./storage.ts";
import {KEYS_OFF} from "./typing.ts";

export function openHelp(): void {
  const open = document.getElementById("help-dialog") as HTMLDialogElement | null;
  (open ?? createDialog("help-dialog", "Keys", lists(), keysSwitch())).showModal();
}

function lists(): HTMLElement {
  const groups = KEYS.map(({where, keys}) => {
    const rows = keys.flatMap(({keys: names, does}) => {
      const shown = names.flatMap((name) => [element("kbd", {}, name), " "]);
      return [element("dt", {}, ...shown), element("dd", {}, does)];
    });
    return element("section", {}, element("h3", {}, where), element("dl", {}, ...rows));
  });
  return element(
    "div",
    {class: "keys", tabindex: "0", role: "group", "aria-label": "all keys"},
    ...groups,
  );
}

function keysSwitch(): HTMLElement {
  const box = element("input", {type: "checkbox"});
  box.checked = readText(KEYS_OFF) === null;
  box.addEventListener("change", () => {
    if (box.checked) removeText(KEYS_OFF);
    else writeText(KEYS_OFF, "1");
  });
  const text = "Keys of a single letter work on a page. Timelines have theirs in any case.";
  return element("label", {class: "keys-switch"}, box, element("span", {}, text));
}
