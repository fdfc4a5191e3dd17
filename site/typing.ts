// Whether a key is meant for something that the reader is typing into, and then for nobody else.

/** Where the switch of the help keeps that keys of a single letter do nothing. */
export const KEYS_OFF = "tailpage:keys-off";

export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0] as Element | undefined;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, select, textarea"))
  );
}
