// Undo: which halves of memory a step may change, and what they held before.

export class Journal {
  private readonly halves: Int32Array;
  private readonly touched: number[] = [];
  private readonly before: number[] = [];

  constructor(halves: Int32Array) {
    this.halves = halves;
  }

  /** A new step begins: what was changed before stays. */
  begin(): void {
    this.touched.length = 0;
  }

  /** This half may be changed now. */
  touch(half: number): void {
    this.before[this.touched.length] = this.halves[half];
    this.touched.push(half);
  }

  /** Has anything that was touched really changed? */
  get changed(): boolean {
    return this.touched.some((half, i) => this.halves[half] !== this.before[i]);
  }

  /** Every half that was touched, with what it held. */
  each(visit: (half: number, before: number) => void): void {
    for (let i = 0; i < this.touched.length; i++) visit(this.touched[i], this.before[i]);
  }

  undo(): void {
    this.each((half, before) => (this.halves[half] = before));
  }
}
