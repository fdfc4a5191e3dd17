// The language's own names that few texts use: what they stand for is two thirds of its library.

export const RARE: ReadonlySet<string> = new Set(
  (
    "Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array " +
    "BigInt64Array BigUint64Array DataView SharedArrayBuffer Atomics Intl Proxy Reflect"
  ).split(" "),
);
