// The book's own fonts (fonts.css): all at once, and only when all are there, since each that came alone would lay out the text anew.

export async function startFonts(): Promise<void> {
  const root = document.documentElement;
  // Where the browser has kept the book, early.ts has seen to it.
  if (root.dataset["fonts"] !== undefined) return;
  try {
    await Promise.all([...document.fonts].map((face) => face.load()));
    root.dataset["fonts"] = "";
  } catch {
    // The network is gone: the system's fonts will do.
  }
}
