// The package is JavaScript, and the types that others have written for it do not know of `keepFeatures`.

declare module "subset-font" {
  function subsetFont(
    font: Buffer,
    text: string,
    options: {
      readonly targetFormat: "woff2";
      readonly variationAxes: Readonly<
        Record<string, {readonly min: number; readonly max: number}>
      >;
      /** OpenType's names of four letters. Without it, all are kept. */
      readonly keepFeatures: readonly string[];
    },
  ): Promise<Buffer>;
  export = subsetFont;
}
