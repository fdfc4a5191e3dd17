declare module "virtual:crashes" {
  export const crashes: import("./crashes.ts").Crashes;
}

declare module "virtual:type-library" {
  export const library: import("./types-library.ts").TypeLibrary;
}

declare module "virtual:starred" {
  export const starred: readonly string[];
}
