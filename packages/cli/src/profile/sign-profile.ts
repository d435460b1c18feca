import { readFile, writeFile } from 'node:fs/promises';
import type { VerifiedProfile } from '@breakwater/app/profiles';
import { type BehaviourProfile, type LearnedProfile, UserError } from '@breakwater/model';
import { showPath } from '@breakwater/sources/inputs';
import { EXIT, type Invocation } from '../command.ts';
import { registryReading } from '../registry-reading.ts';

import { countOf } from '../terminal/count-of.ts';
import { withPlace } from '../terminal/describe-unknowns.ts';
import { plain, yellow } from '../terminal/style.ts';
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

/**
 * Tells whether a key that is trusted signed a profile, about the image that is named; without a file, the one that is attached
 * to the image in its registry. Writes the profile with --write.
 */
export async function verifyFile(invocation: Invocation, [path, ...more]: string[]): Promise<number> {
  const wanted = invocation.options['image'] as string | undefined;
  if ((path === undefined && wanted === undefined) || more.length > 0)
    throw wantsOne('verify FILE --key PUBLIC, or verify --image registry.example/app:1 --key PUBLIC');
  const key = await readText(option(invocation, 'key'));
  const { profile, imageDigest } =
    path === undefined ? await readAttached(invocation, key) : await verifyOne(path, key, wanted);
  const to = invocation.options['write'] as string | undefined;
  if (to !== undefined) await writeFile(to, `${JSON.stringify(profile, null, 2)}\n`);
  const count = countOf(profile.behaviours.length, 'behaviour');
  process.stdout.write(`Signed: ${count} of ${plain(profile.subject)}, image ${imageDigest}.\n`);
  return EXIT.passed;
}

async function verifyOne(path: string, key: string, image: string | undefined): Promise<VerifiedProfile> {
  const { verifyProfile } = await import('@breakwater/app/profiles');
  return verifyProfile(await readText(path), key, image === undefined ? undefined : digestIn(image));
}

/** The one that was recorded last, of those that the key signed. */
async function readAttached(invocation: Invocation, key: string): Promise<VerifiedProfile> {
  const { readProfilesOfName } = await import('@breakwater/app/profiles');
  const { signal } = invocation;
  const name = option(invocation, 'image');
  const platform = invocation.options['platform'] as string | undefined;
  const found = await readProfilesOfName(name, key, { ...registryReading(invocation), platform, signal });
  if (found === undefined) throw notAnImage(name);
  for (const { message, place, hint } of found.unknowns)
    process.stderr.write(
      `${yellow('unknown')}  ${plain(withPlace(message, place))}${hint ? `. ${plain(hint)}` : ''}\n`,
    );
  const last = found.attached.at(-1);
  const imageDigest = found.image?.manifestDigests[0];
  if (last !== undefined && imageDigest !== undefined) return { profile: last.profile, imageDigest };
  throw new UserError(`${plain(name)} carries no profile that the key signed.`, { code: 'profile-missing' });
}

/** Puts a signed profile beside its image, in its registry or in an OCI layout. */
export async function attachFile(invocation: Invocation, [path, ...more]: string[]): Promise<number> {
  const usage = 'attach FILE --key PUBLIC --image registry.example/app:1, or --layout FOLDER';
  if (path === undefined || more.length > 0) throw wantsOne(usage);
  const { attachToLayout, attachToRegistry, verifyProfile } = await import('@breakwater/app/profiles');
  const { layout, image } = invocation.options as { layout?: string; image?: string };
  if ((layout === undefined) === (image === undefined))
    throw new UserError('Say where the image is: in a registry, or in a layout.', {
      code: 'option-missing',
      hint: `breakwater profile ${usage}`,
    });
  const signed = (await readText(path)).trim();
  const { imageDigest } = verifyProfile(signed, await readText(option(invocation, 'key')));
  if (layout !== undefined) {
    const manifest = await attachToLayout(layout, imageDigest, signed);
    process.stdout.write(`Attached to ${imageDigest} as ${manifest}.\n`);
    return EXIT.passed;
  }
  const { signal } = invocation;
  const options = { ...registryReading(invocation), signal };
  const { manifest, subject, listedBy } = await attachToRegistry(
    option(invocation, 'image'),
    imageDigest,
    signed,
    options,
  );
  const how = listedBy === 'tag' ? `, listed under the tag ${subject.replace(':', '-')}` : '';
  process.stdout.write(`Attached to ${subject} as ${manifest}${how}.\n`);
  return EXIT.passed;
}

const notAnImage = (name: string): UserError =>
  new UserError(`'${plain(name)}' names no image of a registry.`, {
    code: 'reference-malformed',
    hint: 'registry.example/app:1',
  });

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
