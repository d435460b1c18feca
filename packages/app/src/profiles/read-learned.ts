import { readFile } from 'node:fs/promises';
import { LearnedProfile, type Unknown } from '@breakwater/model';
import { showPath } from '@breakwater/sources/inputs';
import { z } from 'zod';

const LARGEST = 256 * 1024 * 1024;
const Written = z.union([LearnedProfile.transform((one) => [one]), z.array(LearnedProfile)]);

/** Reads learned profiles from a file, one or a list; a file that holds none is an unknown. */
export async function readLearned(path: string): Promise<{ learned: LearnedProfile[]; unknowns: Unknown[] }> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const read = text.length > LARGEST ? undefined : Written.safeParse(parseJson(text));
  if (read?.success === true) return { learned: read.data, unknowns: [] };
  const issue = read?.error.issues[0]?.message ?? 'it is too large';
  return {
    learned: [],
    unknowns: [
      {
        code: 'profile-invalid',
        message: `It begins as a learned profile, and is none: ${issue}.`,
        place: { source: showPath(path) },
        hint: 'breakwater profile export writes one.',
      },
    ],
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
