// Lists and sets of whole numbers that grow, in little memory.

export class IntList {
  length = 0;
  private items = new Int32Array(1 << 8);

  push(item: number): void {
    if (this.length === this.items.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.length++] = item;
  }

  at(index: number): number {
    return this.items[index];
  }

  set(index: number, item: number): void {
    this.items[index] = item;
  }

  get bytes(): number {
    return this.items.byteLength;
  }
}

/** A set of whole numbers from 0. */
export class Bits {
  private words = new Int32Array(1 << 8);

  /** False if it was there already. */
  add(number: number): boolean {
    const word = number >>> 5;
    const bit = 1 << (number & 31);
    if (word >= this.words.length) {
      const larger = new Int32Array(word * 2);
      larger.set(this.words);
      this.words = larger;
    }
    if (this.words[word] & bit) return false;
    this.words[word] |= bit;
    return true;
  }
}
