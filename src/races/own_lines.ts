// Lines of somebody's own code, beside those of the linked kernel: they are given numbers far behind its last one, so that a
// stack with both tells them apart.

/** How the explorer knows lines of threads' code on a stack (explore/trace_text.ts). */
export const SCRIPT = "tailpage-kernel";

/** More lines than a kernel or a file has: those of the first file begin here, those of the second at twice this. */
const MOST = 1_000_000;

export class OwnLines {
  private readonly files: string[] = [];

  /** What is to be added to the number of a line of this file. */
  offsetOf(file: string): number {
    if (!this.files.includes(file)) this.files.push(file);
    return (this.files.indexOf(file) + 1) * MOST;
  }

  /** Where a line stands; null if it is the kernel's. */
  place(line: number): {file: string; line: number} | null {
    const file = this.files[Math.floor(line / MOST) - 1];
    return file === undefined ? null : {file, line: line % MOST};
  }
}
