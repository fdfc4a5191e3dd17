// What a student is told, as a few blocks, and how these are written: as Markdown, as plain text, as HTML. What stands in them may come from a
// student, so none of it can become markup.

import {escapeMarkup} from "./markup.ts";

export type Block =
  | {readonly kind: "heading" | "text"; readonly text: string}
  /** As it is, line by line. */
  | {readonly kind: "code"; readonly lines: readonly string[]}
  | {readonly kind: "link"; readonly text: string; readonly url: string};

export function asText(blocks: readonly Block[]): string {
  return joined(blocks.map(writeText));
}

export function asMarkdown(blocks: readonly Block[]): string {
  return joined(blocks.map(writeMarkdown));
}

export function asHtml(blocks: readonly Block[]): string {
  return blocks.map(writeHtml).join("\n");
}

function joined(written: readonly string[]): string {
  return written.length === 0 ? "" : `${written.join("\n\n")}\n`;
}

function writeText(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `== ${oneLine(block.text)}`;
    case "text":
      return oneLine(block.text);
    case "code":
      return block.lines.map((line) => `    ${oneLine(line)}`).join("\n");
    case "link":
      return `${block.text}:\n${block.url}`;
  }
}

function writeMarkdown(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `### ${escapeMarkdown(block.text)}`;
    case "text":
      return escapeMarkdown(block.text);
    case "code":
      return fenced(block.lines.map(oneLine));
    case "link":
      return `[${escapeMarkdown(block.text)}](<${block.url.replace(/[<>\s]/g, encodeURIComponent)}>)`;
  }
}

function writeHtml(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `<h4>${escapeMarkup(block.text)}</h4>`;
    case "text":
      return `<p>${escapeMarkup(block.text)}</p>`;
    case "code":
      return `<pre>${escapeMarkup(block.lines.map(oneLine).join("\n"))}</pre>`;
    case "link":
      return `<p><a href="${escapeMarkup(block.url)}">${escapeMarkup(block.text)}</a></p>`;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, " ");
}

/** Some signs are markup anywhere, some only where a line begins. */
function escapeMarkdown(text: string): string {
  return oneLine(text)
    .trim()
    .replace(/[\\`*_{}[\]|~]/g, "\\$&")
    .replace(/^[#+-]/, "\\$&")
    .replace(/^\d+(?=[.)])/, "$&\\")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}

/** A fence that is longer than any in it. */
function fenced(lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = "`".repeat(Math.max(2, ...runs.map(({length}) => length)) + 1);
  return [fence, ...lines, fence].join("\n");
}
