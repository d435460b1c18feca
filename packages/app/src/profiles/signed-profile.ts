import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { BehaviourProfile, LearnedProfile, UserError } from '@breakwater/model';
import { z } from 'zod';

/** What a statement of ours states: that an image behaves as the profile says. */
export const PROFILE_PREDICATE = 'https://breakwater.dev/behaviour-profile/v1';
const STATEMENT = 'https://in-toto.io/Statement/v1';
const PAYLOAD = 'application/vnd.in-toto+json';
const LARGEST = 64 * 1024 * 1024;

/** An envelope of DSSE 1.0. */
const Envelope = z.object({
  payloadType: z.literal(PAYLOAD),
  payload: z.string().max(LARGEST),
  signatures: z
    .array(z.object({ keyid: z.string().max(500).optional(), sig: z.string().max(10_000) }))
    .min(1)
    .max(16),
});
export type SignedProfile = z.infer<typeof Envelope>;

const Statement = z.object({
  _type: z.literal(STATEMENT),
  subject: z
    .array(z.object({ name: z.string(), digest: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }) }))
    .min(1),
  predicateType: z.literal(PROFILE_PREDICATE),
  predicate: z.union([LearnedProfile, BehaviourProfile]),
});

/** What a signed profile says, once it was verified. */
export interface VerifiedProfile {
  profile: BehaviourProfile | LearnedProfile;
  /** Of the image that it is about, `sha256:...`. */
  imageDigest: string;
}

/** Signs a profile of an image: an in-toto statement about its digest, in an envelope of DSSE. Takes Ed25519 and ECDSA. */
export function signProfile(
  profile: BehaviourProfile | LearnedProfile,
  image: { name: string; digest: string },
  privateKey: string,
): SignedProfile {
  const statement = {
    _type: STATEMENT,
    subject: [{ name: image.name, digest: { sha256: image.digest.replace(/^sha256:/, '') } }],
    predicateType: PROFILE_PREDICATE,
    predicate: profile,
  };
  const checked = Statement.safeParse(statement);
  if (!checked.success)
    throw new UserError(`${image.digest} is no digest of an image.`, {
      code: 'digest-invalid',
      hint: 'Such as sha256: and 64 hexadecimal digits.',
    });
  const key = readKey(privateKey, createPrivateKey);
  const payload = Buffer.from(JSON.stringify(statement));
  const sig = sign(hashOf(key), encoded(payload), key).toString('base64');
  return {
    payloadType: PAYLOAD,
    payload: payload.toString('base64'),
    signatures: [{ keyid: keyId(createPublicKey(key)), sig }],
  };
}

/**
 * The profile in an envelope, if a key that is trusted signed it, about this image where one is named.
 * @throws {UserError} otherwise: such a profile is not used
 */
export function verifyProfile(text: string, publicKey: string, imageDigest?: string): VerifiedProfile {
  const envelope = Envelope.safeParse(parse(text));
  if (!envelope.success) throw refused('it is no signed profile');
  const key = readKey(publicKey, createPublicKey);
  const payload = Buffer.from(envelope.data.payload, 'base64');
  const isSigned = envelope.data.signatures.some(({ sig }) => isGood(payload, key, Buffer.from(sig, 'base64')));
  if (!isSigned) throw refused('the key did not sign it');
  const statement = Statement.safeParse(parse(payload.toString('utf8')));
  if (!statement.success) throw refused('what was signed is no profile of an image');
  const digests = statement.data.subject.map(({ digest }) => `sha256:${digest.sha256}`);
  if (imageDigest !== undefined && !digests.includes(imageDigest)) throw refused(`it is about ${digests[0]}`);
  return { profile: statement.data.predicate, imageDigest: imageDigest ?? digests[0]! };
}

function isGood(payload: Buffer, key: KeyObject, signature: Buffer): boolean {
  try {
    return verify(hashOf(key), encoded(payload), key, signature);
  } catch {
    return false;
  }
}

/** Pre-authentication encoding (DSSE 1.0): type and content, each after its length. */
function encoded(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD.length} ${PAYLOAD} ${payload.length} `), payload]);
}

/** Ed25519 hashes by itself. */
function hashOf({ asymmetricKeyType: type }: KeyObject): 'sha256' | null {
  if (type === 'ed25519') return null;
  if (type === 'ec') return 'sha256';
  throw new UserError(`Keys of kind ${String(type)} are not taken.`, {
    code: 'key-unsuitable',
    hint: 'openssl genpkey -algorithm ed25519 -out profile.key; openssl pkey -in profile.key -pubout -out profile.pub',
  });
}

const keyId = (key: KeyObject): string =>
  `sha256:${createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`;

function readKey(text: string, read: (text: string) => KeyObject): KeyObject {
  try {
    return read(text);
  } catch (cause) {
    throw new UserError('The key could not be read.', {
      code: 'key-invalid',
      hint: 'It has to be PEM, without a password.',
      cause,
    });
  }
}

function refused(why: string): UserError {
  return new UserError(`The profile is not used: ${why}.`, { code: 'profile-unverified' });
}

function parse(text: string): unknown {
  try {
    return text.length > 2 * LARGEST ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
