// Memory models: when others see what a CPU has stored. What they are made of is in store_buffer.ts and ordering.ts.

/**
 * `sc`: at once, sequential consistency. `tso`: stores wait in a buffer of their CPU and leave it in their order, as on x86. `pso`: those to
 * different words may leave it in any order.
 */
export type MemoryModel = "sc" | "tso" | "pso";

/** In full. */
export const MODEL_NAMES: Readonly<Record<MemoryModel, string>> = {
  sc: "sequential consistency",
  tso: "total store order",
  pso: "partial store order",
};

export const MEMORY_MODELS: readonly MemoryModel[] = ["sc", "tso", "pso"];
