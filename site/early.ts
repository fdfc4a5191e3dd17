// Runs before the first paint: a theme that the reader chose must not flash up as the other one.

{
  const {dataset} = document.documentElement;
  try {
    const chosen = localStorage.getItem("tailpage:theme");
    if (chosen === "light" || chosen === "dark") dataset["theme"] = chosen;
  } catch {
    // Storage may be blocked. Then the system's theme it is.
  }
}
