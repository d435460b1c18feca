import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import type { BehaviourProfile } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { signProfile, verifyProfile } from './signed-profile.ts';

const PROFILE: BehaviourProfile = {
  subject: 'shop/cart:1',
  origin: 'recorded',
  partial: false,
  dimensions: ['exec'],
  behaviours: [{ dimension: 'exec', actor: '', parent: '', object: '/bin/cart' }],
};
const IMAGE = { name: 'shop/cart:1', digest: `sha256:${'a'.repeat(64)}` };
/** PEM, as files hold it. */
const pairOf = ({ publicKey, privateKey }: KeyPairKeyObjectResult): { publicKey: string; privateKey: string } => ({
  publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
});
const ed = pairOf(generateKeyPairSync('ed25519'));
const ec = pairOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const rsa = pairOf(generateKeyPairSync('rsa', { modulusLength: 2048 }));

describe('a signed profile', () => {
  it.each([
    ['Ed25519', ed],
    ['ECDSA', ec],
  ])('is the profile again, with %s', (_, { privateKey, publicKey }) => {
    const text = JSON.stringify(signProfile(PROFILE, IMAGE, privateKey));
    expect(verifyProfile(text, publicKey, IMAGE.digest)).toEqual({ profile: PROFILE, imageDigest: IMAGE.digest });
  });

  it('is refused with another key, about another image, and where anything was changed', () => {
    const signed = signProfile(PROFILE, IMAGE, ed.privateKey);
    const text = JSON.stringify(signed);
    expect(() => verifyProfile(text, ec.publicKey)).toThrow('the key did not sign it');
    expect(() => verifyProfile(text, ed.publicKey, `sha256:${'b'.repeat(64)}`)).toThrow('it is about sha256:aaa');
    const payload = Buffer.from(signed.payload, 'base64').toString().replace('/bin/cart', '/bin/evil');
    const changed = { ...signed, payload: Buffer.from(payload).toString('base64') };
    expect(() => verifyProfile(JSON.stringify(changed), ed.publicKey)).toThrow('the key did not sign it');
    for (const other of ['', '{}', JSON.stringify(PROFILE), JSON.stringify({ ...signed, signatures: [] })])
      expect(() => verifyProfile(other, ed.publicKey)).toThrow('it is no signed profile');
  });

  it('takes no key and no digest that says nothing', () => {
    expect(() => signProfile(PROFILE, IMAGE, 'no key')).toThrow('The key could not be read');
    expect(() => signProfile(PROFILE, IMAGE, rsa.privateKey)).toThrow('are not taken');
    expect(() => signProfile(PROFILE, { name: 'x', digest: 'latest' }, ed.privateKey)).toThrow('is no digest');
  });
});
