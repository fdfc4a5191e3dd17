// Gives the reader a file.

import {element} from "./html.ts";

export function download(file: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], {type}));
  element("a", {href: url, download: file}).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
