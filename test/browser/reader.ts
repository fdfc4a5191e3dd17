// What a reader does with a page, and sees on it.

import type {ElementHandle, Page} from "puppeteer-core";

/** Somebody waits in front of it; a machine that runs tests has other things to do. */
const PATIENCE = 60_000;

/** Waits until an element that `selector` names says `text`. */
export async function see(page: Page, text: string, selector = "main, header"): Promise<void> {
  const says = (css: string, wanted: string): boolean =>
    [...document.querySelectorAll(css)].some(({textContent}) => textContent?.includes(wanted));
  await page.waitForFunction(says, {timeout: PATIENCE}, selector, text).catch(() => {
    throw new Error(`"${text}" was never said in ${selector}`);
  });
}

/** The first button or control whose name begins with `name`, or null. */
async function find(
  page: Page,
  name: string,
  within = "body",
): Promise<ElementHandle<HTMLElement> | null> {
  const handle = await page.evaluateHandle(
    (css, wanted) => {
      const inside = [...document.querySelectorAll(css)];
      const all = inside.flatMap((each) => [
        ...each.querySelectorAll<HTMLElement>("button, summary, input"),
      ]);
      const nameOf = (each: HTMLElement): string =>
        (each.getAttribute("aria-label") ?? each.textContent ?? "").trim();
      return (
        all.find((each) => nameOf(each).startsWith(wanted) && each.checkVisibility()) ?? null
      );
    },
    within,
    name,
  );
  return handle.asElement() as ElementHandle<HTMLElement> | null;
}

export async function press(page: Page, name: string, within = "body"): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const button = await find(page, name, within);
    if (button) return await button.click();
    if (Date.now() > end) throw new Error(`no button "${name}" in ${within}`);
    await new Promise((soon) => setTimeout(soon, 100));
  }
}

/** Opens a listing by a click, and puts `change` of its text in the place of what is there. Does not run it. */
export async function write(
  page: Page,
  listing: string,
  change: (text: string) => string,
): Promise<void> {
  // It can be edited as soon as it says so, and is hit where it stands once the fonts are there.
  const source = (await page.waitForSelector(`${listing}[aria-label]`))!;
  await page.evaluate(async () => {
    await document.fonts.ready;
  });
  await openEditor(page, listing, source);
  const lines = await page.$$eval(`${listing} .cm-line`, (all) =>
    all.map(({textContent}) => textContent),
  );
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  // Lines are indented as they are typed.
  await page.keyboard.type(change(lines.map((line) => line.trim()).join("\n")));
}

/** What stands above may still grow, and a press miss what it was meant for: then it is pressed again. */
async function openEditor(page: Page, listing: string, source: ElementHandle): Promise<void> {
  for (let presses = 1; ; presses++) {
    const print = (await source.$(".cm-content")) ?? (await source.$("pre"));
    await print!.click();
    const timeout = presses < 4 ? 8_000 : PATIENCE;
    const isOpen = page.waitForSelector(`${listing} .cm-content`, {timeout});
    if (presses >= 4 || (await isOpen.catch(() => null))) return void (await isOpen);
  }
}

/** Opens a listing, changes it and runs it. */
export async function edit(
  page: Page,
  listing: string,
  change: (text: string) => string,
): Promise<void> {
  await write(page, listing, change);
  await run(page);
}

export async function run(page: Page): Promise<void> {
  await page.keyboard.down("Shift");
  await page.keyboard.press("Enter");
  await page.keyboard.up("Shift");
}
