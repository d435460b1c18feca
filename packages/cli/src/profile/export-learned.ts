import { plainProfile } from '@breakwater/engine/behaviour';
import type { LearnedProfile } from '@breakwater/model';
import { EXIT } from '../command.ts';
import { writeJson } from '../terminal/write-json.ts';

/** Writes a profile to keep, compare, sign or compile: whole, or as the plain set of what is known. */
export function exportLearned(profile: LearnedProfile, isPlain: boolean): number {
  writeJson(isPlain ? plainProfile(profile) : profile);
  return EXIT.passed;
}
