declare module "virtual:notebooks" {
  /** The notebooks that are handed out, by their assignments' names. */
  export const notebooks: Readonly<Record<string, import("./assignment-text.ts").HandedOut>>;
}
