// A short name for a piece of code: to tell versions apart, not to keep secrets.

/** FNV-1a, 32 bits twice with different seeds, in base 36: 14 characters. */
export function hash(text: string): string {
  return half(text, 0x811c9dc5) + half(text, 0x01234567);
}

function half(text: string, seed: number): string {
  let h = seed;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36).padStart(7, "0");
}
