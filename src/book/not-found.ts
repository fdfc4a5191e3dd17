// The page for an address that the book does not have. It loads nothing, since nobody knows from how deep a path it is shown;
// its look stands in it. All pages lie in one folder, so its link is right where only the page's name was wrong.

export const NOT_FOUND = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>No such page · Tail Page</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; }
body { max-width: 32rem; margin: 20vh auto 4rem; padding: 0 1.25rem; background: light-dark(#faf7f0, #171512);
  color: light-dark(#211e1a, #ece6da); font: 1.1875rem/1.6 Charter, "Bitstream Charter", Georgia, serif; }
p:first-of-type { margin: 0; color: light-dark(#b4472a, #f08a66); font: 600 0.8rem/1.4 system-ui, sans-serif;
  letter-spacing: 0.08em; text-transform: uppercase; }
h1 { margin: 0.2rem 0 1.4rem; font-size: 2.4rem; line-height: 1.2; }
a { color: light-dark(#b4472a, #f08a66); }
:focus-visible { outline: 2px solid light-dark(#2f62a8, #8fb7ee); outline-offset: 3px; }
</style>
</head>
<body>
<main>
<p>Tail Page</p>
<h1>No such page</h1>
<p>The book has no page at this address. It may have had one in another edition.</p>
<p><a href="./">Open the book at its beginning</a></p>
<p>If that leads here again, shorten the address to the name of the book.</p>
</main>
</body>
</html>
`;
