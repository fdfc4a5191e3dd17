// The book's own fonts (fonts.css): all at once, and only when all are there, since each that came alone would lay out the text anew.

const FONTS = [
  "1em 'Source Serif 4'",
  "italic 1em 'Source Serif 4'",
  "1em Inter",
  "1em 'JetBrains Mono'",
];

export async function startFonts(): Promise<void> {
  const root = document.documentElement;
  // Where the browser has kept the book, early.ts has seen to it.
  if (root.dataset["fonts"] !== undefined) return;
  try {
    await Promise.all(FONTS.map((font) => document.fonts.load(font)));
    root.dataset["fonts"] = "";
  } catch {
    // The network is gone: the system's fonts will do.
  }
}
