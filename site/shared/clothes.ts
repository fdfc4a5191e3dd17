// What the chapter wears: its styles and fonts, for a frame that can fetch neither.

import type {Font} from "../guest/start.ts";

export function stylesOfPage(): string {
  return rulesOfPage()
    .filter((rule) => !(rule instanceof CSSFontFaceRule))
    .map(({cssText}) => cssText)
    .join("\n");
}

export async function fontsOfPage(): Promise<Font[]> {
  const faces = rulesOfPage().filter((rule) => rule instanceof CSSFontFaceRule);
  const fonts = await Promise.all(faces.map(fontOf));
  return fonts.filter((font) => font !== null);
}

function rulesOfPage(): CSSRule[] {
  return [...document.styleSheets].flatMap(({cssRules}) => [...cssRules]);
}

/** Null where it cannot be had: then the frame shows what the machine has. */
async function fontOf(rule: CSSFontFaceRule): Promise<Font | null> {
  const {style, parentStyleSheet} = rule;
  const url = /url\("?([^")]+)"?\)/.exec(style.getPropertyValue("src"))?.[1];
  if (!url) return null;
  try {
    const response = await fetch(new URL(url, parentStyleSheet?.href ?? location.href));
    return {
      family: style.getPropertyValue("font-family").replaceAll(/["']/g, ""),
      weight: style.getPropertyValue("font-weight") || "400",
      style: style.getPropertyValue("font-style") || "normal",
      bytes: await response.arrayBuffer(),
    };
  } catch {
    return null;
  }
}
