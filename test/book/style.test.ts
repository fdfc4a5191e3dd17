import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";

const css = readFileSync(new URL("../../site/style.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g)].map(
    ([, name, light, dark]) => [name!, [light!, dark!] as const],
  ),
);
const TEXT = "ink soft accent cpu0 cpu1 cpu2 cpu3 frozen finding holds".split(" ");
const CODE = "keyword comment string number type".split(" ").map((kind) => `code-${kind}`);

describe.each([
  ["light", 0],
  ["dark", 1],
] as const)("in the %s theme", (_, theme) => {
  it.each([...TEXT, ...CODE])("--%s can be read on paper, sheet and wash (4.5)", (name) => {
    for (const ground of ["paper", "sheet", "wash"])
      expect(
        contrast(tokens.get(name)![theme], tokens.get(ground)![theme]),
        ground,
      ).toBeGreaterThanOrEqual(4.5);
  });
});

/** As WCAG 2 defines it. */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(colour.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
