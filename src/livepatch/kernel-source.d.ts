declare module "virtual:kernel-source" {
  export const sources: readonly import("./source_file.ts").SourceFile[];
}
