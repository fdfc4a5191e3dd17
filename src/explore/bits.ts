// Sets of whole numbers below a known one, for counting what they have in common.

export type BitSet = Uint32Array<ArrayBuffer>;

/** The numbers below `size` that are in the set. */
export function bitSet(size: number, isIn: (number: number) => boolean): BitSet {
  const set = new Uint32Array(Math.ceil(size / 32));
  for (let i = 0; i < size; i++) if (isIn(i)) set[i >>> 5] |= 1 << (i & 31);
  return set;
}

/** What the numbers weigh that are in all of the sets; of each 32 numbers all weigh the same. */
export function weigh(
  weights: Float64Array,
  first: BitSet,
  ...others: readonly BitSet[]
): number {
  let sum = 0;
  for (let i = 0; i < first.length; i++) {
    let word = first[i];
    for (const other of others) word &= other[i];
    if (word !== 0) sum += weights[i] * countOnes(word);
  }
  return sum;
}

function countOnes(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
