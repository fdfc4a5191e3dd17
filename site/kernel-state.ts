// In the header: which kernel the page runs, and the way back to v5.13.

import {element} from "./html.ts";

export function showKernelState(
  place: HTMLElement,
  changed: readonly string[],
  onReset: () => void,
): void {
  if (changed.length === 0) return place.replaceChildren("v5.13");
  const count = changed.length === 1 ? "1 function" : `${changed.length} functions`;
  const back = element("button", {type: "button", class: "button"}, "Back to v5.13");
  back.addEventListener("click", onReset);
  const items = changed.map((name) =>
    element("li", {}, element("a", {href: `#kernel-${name}`}, element("code", {}, name))),
  );
  const menu = element(
    "details",
    {class: "kernel-menu"},
    element("summary", {}, `v5.13 + ${count} changed`),
    element(
      "div",
      {class: "sheet"},
      element("p", {}, "Differs from v5.13:"),
      element("ul", {}, ...items),
      back,
    ),
  );
  const wasOpen = place.querySelector("details")?.open ?? false;
  menu.open = wasOpen;
  place.replaceChildren(menu);
}
