// What a cell can know of the page around it, live: its width, the theme, the time.

import {element} from "./html.ts";

/** Values as a source reports them, the latest one only; `start` answers how to end the source. */
async function* reported<Value>(
  start: (report: (value: Value) => void) => () => void,
): AsyncGenerator<Value, void> {
  let latest: {value: Value} | null = null;
  let wake: () => void = () => {};
  const end = start((value) => {
    latest = {value};
    wake();
  });
  try {
    for (;;) {
      if (latest === null) await new Promise<void>((go) => (wake = go));
      const {value} = latest as unknown as {value: Value};
      latest = null;
      yield value;
    }
  } finally {
    end();
  }
}

/** The width of the column in which a cell stands, in whole pixels. */
export function widthOf(slot: HTMLElement): () => AsyncGenerator<number, void> {
  const column = slot.classList.contains("live") ? (slot.parentElement ?? slot) : slot;
  return () =>
    reported((report) => {
      let last = -1;
      const observer = new ResizeObserver(() => {
        const width = Math.floor(column.clientWidth);
        if (width !== last) report((last = width));
      });
      observer.observe(column);
      return () => observer.disconnect();
    });
}

/** Whether the page is dark: by its reader's choice, or by the system's. */
export function dark(): AsyncGenerator<boolean, void> {
  return reported((report) => {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const root = document.documentElement;
    const look = (): void => {
      const chosen = root.dataset["theme"];
      report(chosen === undefined ? system.matches : chosen === "dark");
    };
    const observer = new MutationObserver(look);
    observer.observe(root, {attributes: true, attributeFilter: ["data-theme"]});
    system.addEventListener("change", look);
    look();
    return () => {
      observer.disconnect();
      system.removeEventListener("change", look);
    };
  });
}

/** The time in milliseconds, once a frame; once a second where nothing is to move. */
export async function* now(): AsyncGenerator<number, void> {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  for (;;) {
    yield Date.now();
    if (calm.matches) await new Promise((go) => setTimeout(go, 1000));
  }
}

/** An element that is drawn again whenever its place has become wider or narrower. */
export function resize(draw: (width: number, height: number) => Node | string): HTMLElement {
  const place = element("div", {class: "resize"});
  let last = -1;
  const observer = new ResizeObserver(() => {
    if (!place.isConnected) return observer.disconnect();
    const {clientWidth: width, clientHeight: height} = place;
    if (width === 0 || width === last) return;
    last = width;
    place.replaceChildren(draw(width, height));
  });
  observer.observe(place);
  return place;
}
