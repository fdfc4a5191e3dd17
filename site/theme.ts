// Light or dark: as the system has it, until the reader presses the button.

import {readText, removeText, writeText} from "./storage.ts";

const KEY = "tailpage:theme";
const systemDark = matchMedia("(prefers-color-scheme: dark)");

export function startTheme(button: HTMLButtonElement): void {
  button.hidden = false;
  button.addEventListener("click", () => choose(isDark() ? "light" : "dark"));
  systemDark.addEventListener("change", label);
  label();

  function choose(theme: "light" | "dark"): void {
    const isSystems = (theme === "dark") === systemDark.matches;
    if (isSystems) {
      delete document.documentElement.dataset["theme"];
      removeText(KEY);
    } else {
      document.documentElement.dataset["theme"] = theme;
      writeText(KEY, theme);
    }
    label();
  }

  function label(): void {
    button.textContent = isDark() ? "Light" : "Dark";
    button.title = `Show the book ${isDark() ? "light" : "dark"}`;
  }
}

function isDark(): boolean {
  const chosen = readText(KEY);
  return chosen === null ? systemDark.matches : chosen === "dark";
}
