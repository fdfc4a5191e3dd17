declare module "virtual:crashes" {
  export const crashes: import("./crashes.ts").Crashes;
}
