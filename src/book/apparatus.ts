// What chapters refer to, beside each other: terms, sources, and functions of the kernel.

import {readGlossary, type Glossary} from "./glossary.ts";
import {kernelNames, type KernelNames, type Modelled} from "./kernel-names.ts";
import {readSources, type Sources} from "./sources.ts";

export type Apparatus = {
  readonly glossary: Glossary;
  readonly sources: Sources;
  readonly names: KernelNames;
};

/** From the text of the files that hold it. */
export function readApparatus({
  glossary,
  sources,
  names,
  modelled,
}: {
  glossary: string;
  sources: string;
  names: string;
  modelled: readonly Modelled[];
}): Apparatus {
  return {
    glossary: readGlossary(glossary),
    sources: readSources(sources),
    names: kernelNames(modelled, JSON.parse(names) as Record<string, readonly string[]>),
  };
}
