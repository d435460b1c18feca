import { childrenOf, childText, readXml } from '../../xml/read-xml.ts';
import type { Unpacked } from '../../zip/zip-archive.ts';
import type { JarFacts, StatedArtifact } from './jar-facts.ts';
import { parseManifest, parseProperties } from './manifest.ts';

const MOST_FAULTS = 20;
const MOST_ARTIFACTS = 2000;

/** Notes what could not be read, each thing once. */
export function refuse(facts: JarFacts, fault: string): void {
  if (facts.faults.length < MOST_FAULTS && !facts.faults.includes(fault)) facts.faults.push(fault);
}

/** Gathers what the texts in an archive say. */
export class JarContents {
  readonly facts: JarFacts;
  /** By their folder, which a pom.properties and its pom.xml share. */
  readonly #stated = new Map<string, StatedArtifact>();
  readonly #poms = new Map<string, StatedArtifact>();

  constructor(within: string[]) {
    this.facts = { within, artifacts: [], manifest: {}, faults: [] };
  }

  take(role: 'manifest' | 'properties' | 'pom', name: string, unpacked: Unpacked): void {
    if ('fault' in unpacked) {
      refuse(this.facts, `${name.slice(0, 256)}: ${unpacked.fault}`);
      return;
    }
    const text = unpacked.content.toString('utf8');
    const folder = name.slice(0, Math.max(0, name.lastIndexOf('/')));
    if (role === 'manifest') this.facts.manifest = parseManifest(text);
    else if (this.#stated.size + this.#poms.size >= MOST_ARTIFACTS) refuse(this.facts, 'it names too many artifacts');
    else if (role === 'pom') this.#poms.set(folder, readPomOfJar(text));
    else {
      const { groupId: group = '', artifactId: artifact = '', version = '' } = parseProperties(text);
      this.#stated.set(folder, { group, artifact, version });
    }
  }

  /** Whether all that names an artifact has been taken. */
  finish(): JarFacts {
    for (const [folder, { licences, ...pom }] of this.#poms) {
      const known = this.#stated.get(folder);
      const stated = known !== undefined && isWhole(known) ? known : pom;
      this.#stated.set(folder, { ...stated, ...(licences !== undefined && { licences }) });
    }
    this.facts.artifacts = [...this.#stated.values()].filter(isWhole);
    return this.facts;
  }
}

const isWhole = ({ group, artifact, version }: StatedArtifact): boolean =>
  group !== '' && artifact !== '' && version !== '' && !version.includes('${');

/** Only the parts that are asked for: poms of archives are long, and there are hundreds of them. */
function readPomOfJar(text: string): StatedArtifact {
  const licences = childrenOf(readXml(partOf(text, 'licenses')), 'license').flatMap((licence) => {
    const name = childText(licence, 'name') || childText(licence, 'url') || '';
    return name === '' || name.length > 512 ? [] : [name];
  });
  const above = partOf(text, 'parent');
  const head = (above === '' ? text : text.replace(above, '')).split(
    /<(?:dependencies|dependencyManagement|build|profiles)>/,
    1,
  )[0]!;
  const field = (name: string): string =>
    elementText(head.replace(partOf(head, 'developers'), ''), name) ||
    (name === 'artifactId' ? '' : elementText(above, name));
  const found = { group: field('groupId'), artifact: field('artifactId'), version: field('version') };
  return licences.length === 0 ? found : { ...found, licences };
}

/** The first element of a name, with its tags; empty where there is none. */
function partOf(text: string, name: string): string {
  const start = text.indexOf(`<${name}>`);
  const end = start === -1 ? -1 : text.indexOf(`</${name}>`, start);
  return end === -1 ? '' : text.slice(start, end + name.length + 3);
}

function elementText(text: string, name: string): string {
  const part = partOf(text, name);
  return part.slice(name.length + 2, -name.length - 3).trim();
}
