// The part of markdown-it-container that the book uses: it comes without types.

declare module "markdown-it-container" {
  import type {MarkdownIt, Token} from "markdown-it";

  type Options = {readonly render: (tokens: readonly Token[], i: number) => string};
  const container: (markdown: MarkdownIt, name: string, options: Options) => void;
  export {container as default};
}
