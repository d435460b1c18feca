import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { UserError } from '@breakwater/model';
import { bundleOf, type KeptCertificates, type Lifetimes, renewCertificates } from './renew.ts';

/** What a TLS server serves with. */
export interface ServingCertificate {
  /** PEM: the certificate with those between it and its authority. */
  certificate: string;
  key: string;
  /** PEM of who vouches for it, for `caBundle`; undefined where that is somebody else's business. */
  bundle: string | undefined;
  /** Its last moment. */
  validUntil: Date;
  /** False where it could not be kept, and other replicas serve with another one. */
  isShared: boolean;
}

/** Gives the certificate to serve with, renewed where that is due. Asked for again and again. */
export type CertificateSource = (now: Date) => Promise<ServingCertificate>;

/** Where our own certificates are kept. */
export interface CertificateKeep {
  read(): Promise<KeptCertificates | undefined>;
  /** False where somebody else wrote since the last reading: what they wrote counts. */
  write(kept: KeptCertificates): Promise<boolean>;
}

const MOST_TRIES = 3;

/** Certificates of our own authority. What cannot be kept is used all the same, as long as this process runs. */
export function ownCertificates(
  keep: CertificateKeep,
  hosts: readonly string[],
  report: (message: string) => void,
  lifetimes?: Lifetimes,
): CertificateSource {
  let last: KeptCertificates | undefined;
  return async (now) => {
    let isShared = true;
    try {
      last = await renewed(keep, last, hosts, now, lifetimes);
    } catch (error) {
      isShared = false;
      report(`Certificates cannot be kept: ${error instanceof Error ? error.message : String(error)}`);
      last = renewCertificates(last, hosts, now, lifetimes);
    }
    return { ...servingOf(last.server.certificate, last.server.key), bundle: bundleOf(last), isShared };
  };
}

async function renewed(
  keep: CertificateKeep,
  last: KeptCertificates | undefined,
  hosts: readonly string[],
  now: Date,
  lifetimes: Lifetimes | undefined,
): Promise<KeptCertificates> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const kept = (await keep.read()) ?? last;
    const due = renewCertificates(kept, hosts, now, lifetimes);
    if (due === kept && kept !== last) return kept;
    if (due === kept || (await keep.write(due))) return due;
  }
  throw new Error('others write them at the same time');
}

/** Certificates that somebody else makes and renews (cert-manager): files that are read again each time. */
export function givenCertificates(certificatePath: string, keyPath: string, authorityPath?: string): CertificateSource {
  return async () => {
    const [certificate, key, bundle] = await Promise.all([
      readGiven(certificatePath),
      readGiven(keyPath),
      authorityPath === undefined ? undefined : readGiven(authorityPath),
    ]);
    if (!fit(certificate, key)) {
      throw new UserError(`${certificatePath} and ${keyPath} are no certificate with its key.`, {
        code: 'certificate-invalid',
        hint: 'Both are PEM, the certificate first in its file, and the key is the one that it was made for.',
      });
    }
    return { ...servingOf(certificate, key), bundle, isShared: true };
  };
}

/** Whether both can be read, and belong together: while somebody renews them one is older than the other. */
function fit(certificate: string, key: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

function servingOf(certificate: string, key: string): Omit<ServingCertificate, 'bundle' | 'isShared'> {
  return { certificate, key, validUntil: new X509Certificate(certificate).validToDate };
}

async function readGiven(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UserError(`The file ${path} cannot be read.`, {
      code: 'certificate-unreadable',
      hint: 'Name certificate and key as PEM files.',
      cause,
    });
  }
}
