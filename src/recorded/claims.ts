// What of a recording the model does not claim to have, and why. All else is compared.

/** By kind of path: where the process and the VMA of a path do not matter. */
export const UNCLAIMED: Readonly<Record<string, string>> = {
  "vmas/*/Pss_Dirty": "smaps of v5.13 does not have it",
  "vmas/*/KSM": "smaps of v5.13 does not have it",
  "pages/flags/OWNER_2": "kpageflags of v5.13 does not have it by this name",
  // Whoever owns a page says what it means: of an anonymous one SWAPCACHE says the same, and is claimed.
  "pages/flags/OWNER_PRIVATE": "the same bit, by the name that it had in v5.13",
};
