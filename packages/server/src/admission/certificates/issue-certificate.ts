import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import { bits, boolean, context, identifier, integer, octets, sequence, set, time, utf8 } from './der.ts';

/** A certificate with its private key, both PEM. */
export interface KeyedCertificate {
  certificate: string;
  key: string;
}

/** Who a certificate is for, and for how long. */
export interface CertificateOptions {
  /** Common name of the subject. */
  name: string;
  from: Date;
  until: Date;
  /** DNS names and IP addresses that a server is asked for. Without any, what an authority signs is for clients. */
  hosts?: readonly string[];
  /** Who signs; the certificate is an authority that signs itself where none is given. */
  authority?: KeyedCertificate;
}

const ECDSA_WITH_SHA256 = sequence(identifier('1.2.840.10045.4.3.2'));

/**
 * Issues a certificate (RFC 5280, version 3) with a new key on the curve P-256: for an authority of our own, and for
 * servers that it vouches for.
 */
export function issueCertificate({ name, from, until, hosts = [], authority }: CertificateOptions): KeyedCertificate {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const issuer = authority && new X509Certificate(authority.certificate);
  const signer = authority ? createPrivateKey(authority.key) : privateKey;
  const content = sequence(
    context(0, integer(Buffer.of(2))),
    integer(serialNumber()),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer ? commonName(issuer) : name),
    sequence(time(from), time(until)),
    distinguishedName(name),
    publicKey,
    context(
      3,
      sequence(...(authority ? leafExtensions(hosts) : authorityExtensions()), ...keyIdentifiers(publicKey, signer)),
    ),
  );
  const signature = sign('sha256', content, { key: signer, dsaEncoding: 'der' });
  return {
    certificate: pem(sequence(content, ECDSA_WITH_SHA256, bits(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

/** 20 bytes at most, positive and not to be guessed. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes;
}

const distinguishedName = (name: string): Buffer => sequence(set(sequence(identifier('2.5.4.3'), utf8(name))));

/** Of certificates that are made here: it is all that their subject says. */
const commonName = ({ subject }: X509Certificate): string => subject.replace(/^CN=/, '');

const extension = (oid: string, critical: boolean, value: Buffer): Buffer =>
  sequence(identifier(oid), ...(critical ? [boolean(true)] : []), octets(value));

/** An authority: it may sign certificates of servers, and no other authorities. */
const authorityExtensions = (): Buffer[] => [
  extension('2.5.29.19', true, sequence(boolean(true), integer(Buffer.of(0)))),
  extension('2.5.29.15', true, bits(Buffer.of(0b0000_0110), 1)),
];

const SERVER = '1.3.6.1.5.5.7.3.1';
const CLIENT = '1.3.6.1.5.5.7.3.2';

const leafExtensions = (hosts: readonly string[]): Buffer[] => [
  extension('2.5.29.19', true, sequence()),
  extension('2.5.29.15', true, bits(Buffer.of(0b1000_0000), 7)),
  extension('2.5.29.37', false, sequence(identifier(hosts.length > 0 ? SERVER : CLIENT))),
  ...(hosts.length > 0 ? [extension('2.5.29.17', false, sequence(...hosts.map(alternativeName)))] : []),
];

function alternativeName(host: string): Buffer {
  if (isIP(host) === 0) return context(2, Buffer.from(host, 'ascii'), false);
  return context(7, addressBytes(host), false);
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text = '') => text.split(':').filter((group) => group !== '');
  const [left, right] = [groups(head), groups(tail)];
  const all = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return Buffer.from(all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]));
}

/** Which key is certified and which one signed: how a reader finds the right one of two authorities of one name. */
function keyIdentifiers(publicKey: Buffer, signer: ReturnType<typeof createPrivateKey>): Buffer[] {
  const ofSigner = createPublicKey(signer).export({ type: 'spki', format: 'der' });
  return [
    extension('2.5.29.14', false, octets(keyDigest(publicKey))),
    extension('2.5.29.35', false, sequence(context(0, keyDigest(ofSigner), false))),
  ];
}

/** Any digest that tells keys apart will do (RFC 7093, section 2). */
const keyDigest = (spki: Buffer): Buffer => createHash('sha256').update(spki).digest().subarray(0, 20);

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
