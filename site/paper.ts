// Before a page is printed: notes go below the paragraph that they stand in, and timelines are opened at their story in
// sentences, which is what stands on paper. Afterwards everything goes back.

export function startPaper(): void {
  let undo: (() => void)[] = [];
  addEventListener("beforeprint", () => {
    undo = [...moveNotes(), ...openTimelines()];
  });
  addEventListener("afterprint", () => {
    for (const back of undo) back();
    undo = [];
  });
}

function moveNotes(): (() => void)[] {
  const last = new Map<Element, Element>();
  return [...document.querySelectorAll("main .note")].flatMap((note) => {
    const block = note.closest("p, ul, ol, .table");
    if (!block) return [];
    const place = document.createComment("");
    note.replaceWith(place);
    (last.get(block) ?? block).after(note);
    last.set(block, note);
    return [() => place.replaceWith(note)];
  });
}

function openTimelines(): (() => void)[] {
  const lists = document.querySelectorAll<HTMLDetailsElement>(
    "details.timeline-list:not([open])",
  );
  return [...lists].map((list) => {
    list.open = true;
    // The sentences are written on this event, and the browser's own comes too late for the paper.
    list.dispatchEvent(new Event("toggle"));
    return () => void (list.open = false);
  });
}
