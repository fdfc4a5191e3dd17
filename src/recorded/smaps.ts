// Reads what /proc/PID/smaps prints, as the recordings have it: positions in pages of the arena, sizes in kB.

import type {Vma} from "./trace.ts";

const HEADER = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) /;

/** The VMAs of a text of smaps. `arena` is the address of its first page. */
export function readSmaps(text: string, arena: number, pageSize: number): Vma[] {
  const page = (address: string) => (parseInt(address, 16) - arena) / pageSize;
  const vmas: Record<string, number | string>[] = [];
  for (const line of text.split("\n")) {
    const [, from, to, perms] = HEADER.exec(line) ?? [];
    if (from) vmas.push({from: page(from), to: page(to), perms});
    else Object.assign(vmas.at(-1) ?? {}, fieldOf(line));
  }
  return vmas as Vma[];
}

/** `Rss:  4 kB` is a number, `VmFlags: rd wr` a text. */
function fieldOf(line: string): Record<string, number | string> {
  const colon = line.indexOf(":");
  if (colon < 0) return {};
  const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
  return {[name]: name === "VmFlags" ? value : parseInt(value, 10)};
}
