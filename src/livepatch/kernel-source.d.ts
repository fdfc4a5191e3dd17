declare module "virtual:kernel-source" {
  export const sources: readonly import("./declarations.ts").SourceFile[];
}
