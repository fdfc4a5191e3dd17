// Text made safe to stand in HTML.

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ENTITIES[c]!);
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** The text that escapeHtml() was given. */
export function unescapeHtml(html: string): string {
  const characters = Object.entries(ENTITIES);
  return html.replace(/&(?:amp|lt|gt|quot);/g, (entity) => {
    return characters.find(([, known]) => known === entity)![0];
  });
}

/** Data for a `<script type="application/json">`: nothing in it can end the script. */
export function jsonForScript(data: unknown): string {
  return JSON.stringify(data).replace(/</g, "\\u003c");
}
