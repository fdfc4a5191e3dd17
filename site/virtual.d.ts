declare module "virtual:crashes" {
  export const crashes: import("./crashes.ts").Crashes;
}

declare module "virtual:type-library" {
  export const library: Readonly<Record<string, string>>;
}

declare module "virtual:starred" {
  export const starred: readonly string[];
}
