import type { Component } from '@breakwater/model';
import type { Distiller, Ecosystem, EcosystemContext, FileHead, Inventory, PackageFile } from '../ecosystem.ts';
import { canHaveSection } from '../executables/executable.ts';
import { isFields, parseJson } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import { type DescribedPackage, describedComponent } from './described-package.ts';
import { findNativeSbom, NativeSbomSeeker } from './native-image.ts';
import { NOTE_SECTION, noteComponent, type PackageNote, readPackageNote } from './package-note.ts';

interface EmbeddedFacts {
  note?: PackageNote;
  /** What is linked into a native image. */
  packages?: DescribedPackage[];
}

const ELF = 0x7f454c46;
const WHOLE = 24 * 1024 * 1024;
/** The heap that a native image of GraalVM begins with. */
const NATIVE_IMAGE_SECTION = '.svm_heap';

/** What builds wrote into programs about the packages in them. */
export const embedded: Ecosystem = {
  name: 'embedded',
  wants: () => false,
  distil,
  parse: parseEmbedded,
  capabilities,
};

const write = (facts: EmbeddedFacts): Buffer => Buffer.from(JSON.stringify(facts));
const distiller: Distiller = {
  sections: [NOTE_SECTION, NATIVE_IMAGE_SECTION],
  largest: WHOLE,
  whole: readFacts,
  stream: () => new NativeSbomSeeker((packages) => write({ packages })),
};

function distil({ bytes }: FileHead): Distiller | undefined {
  return bytes.length >= 4 && bytes.readUInt32BE(0) === ELF ? distiller : undefined;
}

function readFacts(content: Buffer): Buffer | undefined {
  const note = canHaveSection(content, NOTE_SECTION) ? readPackageNote(content) : undefined;
  const packages = canHaveSection(content, NATIVE_IMAGE_SECTION) ? findNativeSbom(content) : undefined;
  if (note === undefined && packages === undefined) return undefined;
  return write({ ...(note !== undefined && { note }), ...(packages !== undefined && { packages }) });
}

/** A program that a package of the image brought is known from the image's own list. */
function parseEmbedded(files: PackageFile[], { isPackaged }: EcosystemContext): Inventory {
  const components: Component[] = [];
  for (const { path, bytes } of files) {
    const facts = parseJson(bytes.toString('utf8'));
    if (!isFields(facts) || isPackaged?.(`/${path}`) === true) continue;
    const { note, packages = [] } = facts as EmbeddedFacts;
    if (note !== undefined) components.push(noteComponent(note, path));
    for (const item of packages) {
      const component = describedComponent(item, path, [`/${path}`]);
      if (component !== undefined) components.push(component);
    }
  }
  return { components, unknowns: [] };
}
