// When the page has been painted for the first time. What it can do without until then is asked for afterwards: each request keeps the
// browser busy with it, and the first layout, which asks the browser for the fonts, waits in the same line.

export const painted = new Promise<void>((done) =>
  requestAnimationFrame(() => setTimeout(done)),
);
