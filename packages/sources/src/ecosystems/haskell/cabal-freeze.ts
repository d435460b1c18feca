import type { LockedPackages } from '../locked-packages.ts';
import { linesOf } from '../read-text.ts';

const FIELD = /^[A-Za-z][\w-]{0,63}:/;
const PINNED = /^(?:any\.)?([A-Za-z0-9][A-Za-z0-9-]{0,254}) {0,16}== {0,16}([0-9]+(?:\.[0-9]+){0,15})$/;
/** Flags of a build and packages of the compiler, which name no version: `foo +flag -other`, `base installed`. */
const WITHOUT_VERSION = /^(?:any\.)?[A-Za-z0-9][A-Za-z0-9-]{0,254} {1,16}(?:[+-]\S|installed$|source$|test$|bench$)/;

/** Reads `cabal.project.freeze`: constraints, of which those with `==` pin a version. Whether it is one at all. */
export function readFreeze(text: string, locked: LockedPackages): boolean {
  let isFreeze = false;
  let isInside = false;
  let number = 0;
  for (const raw of linesOf(text)) {
    number += 1;
    const line = raw.replace(/^\s*--.*$/, '').trimEnd();
    if (line === '') continue;
    const field = FIELD.exec(line)?.[0];
    if (field !== undefined) {
      isInside = field === 'constraints:';
      isFreeze = true;
    } else if (!/^[ \t,]/.test(line)) {
      isInside = false;
      locked.skip(number);
    }
    if (isInside) addConstraints(line.slice(field?.length ?? 0), number, locked);
  }
  return isFreeze;
}

function addConstraints(text: string, line: number, locked: LockedPackages): void {
  for (const part of text.split(',')) {
    const constraint = part.trim();
    const [, name, version] = PINNED.exec(constraint) ?? [];
    if (name !== undefined) locked.add(name, version!, { line });
    else if (constraint !== '' && !WITHOUT_VERSION.test(constraint)) locked.skip(line);
  }
}
