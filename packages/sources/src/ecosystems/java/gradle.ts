import type { LockedPackages } from '../locked-packages.ts';
import { childrenOf, readXml } from '../xml/read-xml.ts';

const DEVELOPMENT = /^(?:test|androidTest|classpath|annotationProcessor|detekt|ktlint|checkstyle|jacoco)/i;

/** Lines `group:artifact:version=configurations` of a gradle.lockfile (docs.gradle.org, "Locking Versions"). */
export function lockGradle(text: string, locked: LockedPackages): void {
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith('empty=')) continue;
    const match = /^([^\s:=]+):([^\s:=]+):([^\s:=]+)=(.*)$/.exec(line);
    if (match === null) locked.skip(index + 1);
    else {
      const development = match[4]!.split(',').every((name) => DEVELOPMENT.test(name.trim()));
      locked.add(`${match[1]}:${match[2]}`, match[3]!, { development, line: index + 1 });
    }
  }
}

/** Artifacts of a verification-metadata.xml: what a build has downloaded, plug-ins too. False where it is none. */
export function lockVerification(text: string, locked: LockedPackages): boolean {
  const root = readXml(text);
  if (root?.name !== 'verification-metadata') return false;
  for (const { attributes } of childrenOf(root, 'components', 'component')) {
    const [group, name, version] = ['group', 'name', 'version'].map((key) => attributes.get(key) ?? '');
    if (version === '') locked.skip();
    else locked.add(`${group}:${name}`, version!);
  }
  return true;
}
