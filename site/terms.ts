// Words with a dotted line. A press opens what they mean without any script; with it they also do so under the pointer and
// on the focus of a keyboard, and the card stands beside its word in browsers whose style sheets cannot put it there.

/** Milliseconds: before a pointer that rests on a word opens its card, and before the card goes after it has left. */
const BEFORE = 150;
const AFTER = 300;

export function startTerms(): void {
  const main = document.getElementById("text")!;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The card that hovering or focus opened. One that was pressed stays until it is closed. */
  let passing: HTMLElement | null = null;

  main.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const term = termAt(event.target);
    const isOnCard = passing !== null && passing.contains(event.target as Node);
    clearTimeout(timer);
    if (term) timer = setTimeout(() => open(term), BEFORE);
    else if (passing && !isOnCard) timer = setTimeout(close, AFTER);
  });
  main.addEventListener("pointerleave", () => {
    clearTimeout(timer);
    timer = setTimeout(close, AFTER);
  });
  main.addEventListener("focusin", (event) => {
    const term = termAt(event.target);
    if (term?.matches(":focus-visible")) open(term);
    else if (!passing?.contains(event.target as Node)) close();
  });
  main.addEventListener("focusout", (event) => {
    if (event.relatedTarget === null && !passing?.matches(":hover")) close();
  });
  main.addEventListener("click", (event) => {
    const term = termAt(event.target);
    if (!term) return;
    clearTimeout(timer);
    open(term);
    passing = null;
  });
  // Who was at a word before this had come is served now.
  const there = main.querySelector<HTMLElement>(".explained:is(:focus-visible, :hover)");
  if (there) open(there);

  function open(term: HTMLElement): void {
    const card = cardOf(term);
    if (card.matches(":popover-open")) return;
    card.showPopover({source: term});
    place(card, term);
    passing = card;
  }

  function close(): void {
    if (passing?.matches(":popover-open")) passing.hidePopover();
    passing = null;
  }
}

function termAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(".explained") : null;
}

function cardOf(term: HTMLElement): HTMLElement {
  return document.getElementById(term.getAttribute("popovertarget")!)!;
}

/** Below its word, or above where there is no room. Style sheets that can do it do it; on a phone it is a sheet at the foot. */
function place(card: HTMLElement, term: HTMLElement): void {
  if (CSS.supports("position-area", "bottom") || innerWidth <= 640) return;
  const word = term.getBoundingClientRect();
  const {width, height} = card.getBoundingClientRect();
  const below = word.bottom + 8;
  const fits = below + height < innerHeight;
  card.style.inset = "auto";
  card.style.margin = "0";
  card.style.left = `${Math.max(16, Math.min(word.left, innerWidth - width - 16))}px`;
  card.style.top = `${fits ? below : Math.max(16, word.top - height - 8)}px`;
}
