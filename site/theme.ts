// Light or dark: as the system has it, or as the reader chooses.

import {element} from "./html.ts";
import {readText, removeText, writeText} from "./storage.ts";

const KEY = "tailpage:theme";

type Theme = "system" | "light" | "dark";

const LABELS: Readonly<Record<Theme, string>> = {
  system: "as the system has it",
  light: "light",
  dark: "dark",
};

export function startTheme(place: HTMLElement): void {
  const choices = Object.entries(LABELS).map(([theme, label]) => {
    const input = element("input", {type: "radio", name: "theme", value: theme});
    input.checked = theme === chosen();
    input.addEventListener("change", () => choose(theme as Theme));
    return element("label", {}, input, " ", label);
  });
  const legend = element("legend", {}, "The page is");
  const summary = element(
    "summary",
    {"aria-label": "Light or dark", title: "Light or dark"},
    "◐",
  );
  const sheet = element("fieldset", {class: "sheet"}, legend, ...choices);
  const menu = element("details", {class: "menu"}, summary, sheet);
  menu.addEventListener("keydown", ({key}) => {
    if (key !== "Escape" || !menu.open) return;
    menu.open = false;
    summary.focus();
  });
  place.replaceChildren(menu);
  place.hidden = false;
}

function choose(theme: Theme): void {
  if (theme === "system") {
    delete document.documentElement.dataset["theme"];
    removeText(KEY);
  } else {
    document.documentElement.dataset["theme"] = theme;
    writeText(KEY, theme);
  }
}

function chosen(): Theme {
  const kept = readText(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}
