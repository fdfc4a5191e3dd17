// Light or dark: as the system has it, or as the reader chooses.

import {element, svg} from "./html.ts";
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
    halfMoon(),
  );
  const sheet = element("fieldset", {class: "sheet"}, legend, ...choices);
  place.replaceChildren(element("details", {class: "menu"}, summary, sheet));
  place.hidden = false;
}

/** Drawn: to find a font that has one takes a browser longer than to lay out the page. */
function halfMoon(): Node {
  return svg`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
    <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6"></circle>
    <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor"></path>
  </svg>`;
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
