// In the header's menu: what the reader has written, to be put into a file and taken out of one. Loaded when the menu is first opened.

import {download} from "./download.ts";
import {element} from "./html.ts";
import {exportEdits, parseEdits} from "./keepsake.ts";

export function fillKeepsake(sheet: HTMLElement): void {
  const exporting = element("button", {type: "button", class: "button"}, "Export");
  const picker = element("input", {
    type: "file",
    accept: ".json",
    hidden: "",
    "aria-label": "file to import",
  });
  const importing = element("button", {type: "button", class: "button"}, "Import");
  const said = element("p", {role: "status"});
  exporting.addEventListener("click", downloadEdits);
  importing.addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    const file = picker.files?.[0];
    picker.value = "";
    if (file) void file.text().then(take);
  });

  sheet.replaceChildren(
    element(
      "p",
      {},
      "What you write is kept in this browser. As a file you can take it along.",
    ),
    element("p", {class: "row"}, exporting, importing, picker),
    said,
  );

  async function take(text: string): Promise<void> {
    try {
      const edits = parseEdits(text);
      const {openImport} = await import("./shared/import.ts");
      openImport(edits);
    } catch (error) {
      said.textContent = (error as Error).message;
    }
  }
}

export function downloadEdits(): void {
  download("tailpage-edits.json", exportEdits(), "application/json");
}
