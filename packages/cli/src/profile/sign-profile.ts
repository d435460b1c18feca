import { readFile, writeFile } from 'node:fs/promises';
import { type BehaviourProfile, type LearnedProfile, UserError } from '@breakwater/model';
import { showPath } from '@breakwater/sources/inputs';
import { EXIT, type Invocation } from '../command.ts';
import { countOf } from '../terminal/count-of.ts';
import { plain } from '../terminal/style.ts';
import { readLearnedFile } from './read-learned.ts';

/** Signs a profile of a file as being that of an image, and writes the envelope beside it. */
export async function signFile(invocation: Invocation, [path, ...more]: string[]): Promise<number> {
  if (path === undefined || more.length > 0) throw wantsOne('sign FILE --key KEY --image NAME@sha256:...');
  const { signProfile } = await import('@breakwater/app/profiles');
  const profile = (await readLearnedFile(path)) ?? (await readPlain(path));
  const image = imageOf(invocation, profile);
  const signed = signProfile(profile, image, await readText(option(invocation, 'key')));
  const to = (invocation.options['write'] as string | undefined) ?? `${path.replace(/\.json$/, '')}.signed.json`;
  await writeFile(to, `${JSON.stringify(signed)}\n`);
  process.stderr.write(`${plain(to)}: signed as the profile of ${plain(image.name)} (${image.digest.slice(0, 19)}).\n`);
  return EXIT.passed;
}

/** Tells whether a key that is trusted signed a profile, about the image that is named; writes the profile with --write. */
export async function verifyFile(invocation: Invocation, [path, ...more]: string[]): Promise<number> {
  if (path === undefined || more.length > 0) throw wantsOne('verify FILE --key PUBLIC');
  const { verifyProfile } = await import('@breakwater/app/profiles');
  const wanted = invocation.options['image'] as string | undefined;
  const digest = wanted === undefined ? undefined : digestIn(wanted);
  const { profile, imageDigest } = verifyProfile(
    await readText(path),
    await readText(option(invocation, 'key')),
    digest,
  );
  const to = invocation.options['write'] as string | undefined;
  if (to !== undefined) await writeFile(to, `${JSON.stringify(profile, null, 2)}\n`);
  const count = countOf(profile.behaviours.length, 'behaviour');
  process.stdout.write(`Signed: ${count} of ${plain(profile.subject)}, image ${imageDigest}.\n`);
  return EXIT.passed;
}

/** Puts a signed profile beside its image in an OCI layout. */
export async function attachFile(invocation: Invocation, [path, ...more]: string[]): Promise<number> {
  if (path === undefined || more.length > 0) throw wantsOne('attach FILE --layout FOLDER --key PUBLIC');
  const { attachToLayout, verifyProfile } = await import('@breakwater/app/profiles');
  const signed = await readText(path);
  const { imageDigest } = verifyProfile(signed, await readText(option(invocation, 'key')));
  const manifest = await attachToLayout(option(invocation, 'layout'), imageDigest, signed.trim());
  process.stdout.write(`Attached to ${imageDigest} as ${manifest}.\n`);
  return EXIT.passed;
}

async function readPlain(path: string): Promise<BehaviourProfile> {
  const { readProfiles } = await import('@breakwater/app/profiles');
  const { profiles } = await readProfiles([path]);
  const [only, ...others] = profiles;
  if (only !== undefined && others.length === 0) return only.profile;
  throw new UserError(`${showPath(path)} holds ${countOf(profiles.length, 'profile')}: one can be signed.`, {
    code: 'profile-ambiguous',
    hint: 'breakwater profile show FILE --subject NAME --output json writes one of several.',
  });
}

/** As it was named, else as the profile says itself. */
function imageOf(
  { options }: Invocation,
  profile: BehaviourProfile | LearnedProfile,
): { name: string; digest: string } {
  const named = options['image'] as string | undefined;
  if (named !== undefined) return { name: named.split('@')[0] ?? named, digest: digestIn(named) };
  const own = 'imageDigest' in profile ? profile.imageDigest : undefined;
  if (own !== undefined) return { name: profile.subject, digest: own };
  throw new UserError('Of which image? The profile does not say.', {
    code: 'image-missing',
    hint: '--image registry.example/app@sha256:...',
  });
}

function digestIn(named: string): string {
  const digest = /sha256:[0-9a-f]{64}$/.exec(named)?.[0];
  if (digest !== undefined) return digest;
  throw new UserError(`'${named}' has no digest.`, { code: 'digest-missing', hint: 'registry.example/app@sha256:...' });
}

function option({ options }: Invocation, name: string): string {
  const value = options[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new UserError(`--${name} is missing.`, { code: 'option-missing' });
}

const wantsOne = (usage: string): UserError =>
  new UserError('One file at a time.', { code: 'file-missing', hint: `breakwater profile ${usage}` });

async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((cause) => {
    throw new UserError(`${showPath(path)} cannot be read.`, { code: 'file-unreadable', cause });
  });
}
