// guest.html: the frame in which a stranger's cells run. One file with everything in it, and a policy that lets nothing else in or out.

import {createHash} from "node:crypto";
import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {build, type InlineConfig} from "vite";

export async function writeGuestPage(out: string, config: InlineConfig): Promise<void> {
  const {script, styles} = await bundle(config);
  await writeFile(join(out, "guest.html"), pageOf(script, styles));
}

type Output = {
  readonly type: "asset" | "chunk";
  readonly fileName: string;
  readonly code?: string;
  readonly source?: string | Uint8Array;
};

async function bundle(config: InlineConfig): Promise<{script: string; styles: string}> {
  const result = await build(config);
  const [{output}] = (Array.isArray(result) ? result : [result]) as {output: Output[]}[];
  const chunks = output.filter(({type}) => type === "chunk");
  if (chunks.length !== 1)
    throw new Error("the frame of a link must be one script: something in it is loaded apart");
  const styles = output
    .filter(({fileName}) => fileName.endsWith(".css"))
    .map(({source}) => String(source));
  // In a page this would end the script.
  return {
    script: chunks[0].code!.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--"),
    styles: styles.join("\n"),
  };
}

/** The one script is allowed by its hash. Cells are code that it compiles. */
function pageOf(script: string, styles: string): string {
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}' 'unsafe-eval'`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en" class="guest">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>The code of a link</title>
<link rel="icon" href="data:,">
<style>${styles}</style>
<body class="guest-body">
<script>${script}</script>
</html>
`;
}
