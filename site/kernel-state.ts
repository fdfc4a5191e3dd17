// In the header: which kernel the page runs, how it differs from v5.13, and the way back.

import {element} from "./html.ts";

/** A function that the reader has changed. */
export type Changed = {readonly name: string; readonly before: string; readonly now: string};

export function showKernelState(
  place: HTMLElement,
  changed: readonly Changed[],
  onReset: () => void,
): void {
  if (changed.length === 0) return place.replaceChildren("v5.13");
  const rest = changed.length === 1 ? " function changed" : " functions changed";
  const back = element("button", {type: "button", class: "button"}, "Back to v5.13");
  back.addEventListener("click", onReset);
  const list = element("div", {class: "changes"});
  const menu = element(
    "details",
    {class: "menu"},
    element("summary", {}, `v5.13 + ${changed.length}`, element("span", {class: "wide"}, rest)),
    element("div", {class: "sheet"}, element("p", {}, "Differs from v5.13:"), list, back),
  );
  menu.addEventListener("toggle", () => {
    if (menu.open && list.childElementCount === 0) void showChanges(list, changed);
  });
  menu.open = place.querySelector("details")?.open ?? false;
  place.replaceChildren(menu);
}

async function showChanges(list: HTMLElement, changed: readonly Changed[]): Promise<void> {
  const {difference} = await import("./difference.ts");
  list.replaceChildren(
    ...changed.flatMap(({name, before, now}) => [
      element("p", {}, element("a", {href: `#kernel-${name}`}, element("code", {}, name))),
      difference(before, now),
    ]),
  );
}
