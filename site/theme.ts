// Light or dark: as the system has it, or as the reader chooses. The menu stands in the page, hidden.

import {readText, removeText, writeText} from "./storage.ts";

const KEY = "tailpage:theme";

/** `place` holds a choice for each theme, by its name. */
export function startTheme(place: HTMLElement): void {
  for (const choice of place.querySelectorAll("input")) {
    choice.checked = choice.value === chosen();
    choice.addEventListener("change", () => choose(choice.value));
  }
  place.hidden = false;
}

function choose(theme: string): void {
  if (theme === "system") {
    delete document.documentElement.dataset["theme"];
    removeText(KEY);
  } else {
    document.documentElement.dataset["theme"] = theme;
    writeText(KEY, theme);
  }
}

function chosen(): string {
  const kept = readText(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}
