// Runs before the first paint: a theme that the reader chose must not flash up as the other one, nor a font that the browser has kept.

{
  const {dataset} = document.documentElement;
  try {
    const chosen = localStorage.getItem("tailpage:theme");
    if (chosen === "light" || chosen === "dark") dataset["theme"] = chosen;
  } catch {
    // Storage may be blocked. Then the system's theme it is.
  }
  // The service worker has the fonts (fonts.ts).
  if (navigator.serviceWorker?.controller) dataset["fonts"] = "";
}
