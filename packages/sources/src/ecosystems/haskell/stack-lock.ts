import type { LockedPackages } from '../locked-packages.ts';
import { linesOf } from '../read-text.ts';

const SECTION = /^([a-z]{1,32}):/;
/** `    hackage: jose-jwt-0.10.0@sha256:6ed1...,3546`. */
const RELEASE = /^ +hackage: ([A-Za-z0-9][A-Za-z0-9-]{0,254})-([0-9]+(?:\.[0-9]+){0,15})(?:@\S{0,255})?$/;

/**
 * Reads `stack.yaml.lock`: below `packages` what was asked for (`original`) and what it was found to be (`completed`),
 * either a release of Hackage or the name and version of a commit or an archive. Whether it is one at all.
 */
export function readStackLock(text: string, locked: LockedPackages): boolean {
  let isLock = false;
  let section = '';
  let isCompleted = false;
  let name: string | undefined;
  let number = 0;
  for (const raw of linesOf(text)) {
    number += 1;
    const line = raw.trimEnd();
    if (line === '' || line.startsWith('#')) continue;
    const opened = SECTION.exec(line)?.[1];
    if (opened !== undefined) {
      section = opened;
      isLock ||= opened === 'packages' || opened === 'snapshots';
      continue;
    }
    const key = line.replace(/^(?:- )? */, '');
    if (line.startsWith('- ') || key === 'original:') isCompleted = key === 'completed:';
    if (key === 'completed:') isCompleted = true;
    if (line.startsWith('- ') || key === 'completed:') name = undefined;
    if (section !== 'packages' || !isCompleted) continue;
    if (key.startsWith('hackage: ')) addRelease(line, number, locked);
    else if (/^ {4}name: /.test(line)) name = key.slice(6);
    else if (/^ {4}version: /.test(line) && name !== undefined) locked.add(name, key.slice(9), { line: number });
  }
  return isLock;
}

function addRelease(line: string, number: number, locked: LockedPackages): void {
  const [, name, version] = RELEASE.exec(line) ?? [];
  if (name === undefined) locked.skip(number);
  else locked.add(name, version!, { line: number });
}
