import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { issueCertificate, type KeyedCertificate } from './issue-certificate.ts';

/** An authority of ours. Who only has to be trusted still, and signs no more, needs no key. */
export interface Authority {
  certificate: string;
  key?: string;
}

/** What is kept: what replicas share, and what outlives a restart. */
export interface KeptCertificates {
  /** The newest first. All are trusted; the newest that everybody had time to learn of signs. */
  authorities: Authority[];
  server: KeyedCertificate;
}

/** Days. */
export interface Lifetimes {
  authority: number;
  server: number;
  /** Between an authority's first day and its first signature: those who trust it have to learn of it. */
  settling: number;
}

export const LIFETIMES: Lifetimes = { authority: 3650, server: 90, settling: 1 / 24 };

const DAY = 86_400_000;
/** Clocks of others may be behind. */
const SKEW = 5 * 60_000;

/** Share of its life after which a certificate is renewed. */
const RENEWED_AFTER = 2 / 3;

/**
 * Certificates with what is due renewed; the very same where nothing is. An authority is renewed long before its end,
 * and the old one stays trusted until then, so that no certificate is ever served that somebody does not trust yet.
 */
export function renewCertificates(
  kept: KeptCertificates | undefined,
  hosts: readonly string[],
  now: Date,
  lifetimes: Lifetimes = LIFETIMES,
): KeptCertificates {
  const authorities = renewAuthorities(kept?.authorities ?? [], now, lifetimes);
  const signer = signerOf(authorities, now, lifetimes);
  const server = kept?.server;
  if (server !== undefined && stillGood(server, authorities, hosts, now)) {
    return authorities === kept?.authorities ? kept : { authorities, server };
  }
  const end = new X509Certificate(signer.certificate).validToDate.getTime();
  return {
    authorities,
    server: issueCertificate({
      name: 'breakwater admission',
      from: new Date(now.getTime() - SKEW),
      until: new Date(Math.min(end, now.getTime() + lifetimes.server * DAY)),
      hosts,
      authority: signer,
    }),
  };
}

/** Everything that is to be trusted, PEM: the `caBundle` of a webhook. */
export const bundleOf = ({ authorities }: KeptCertificates): string =>
  authorities.map(({ certificate }) => certificate).join('');

function renewAuthorities(known: Authority[], now: Date, { authority: days }: Lifetimes): Authority[] {
  const valid = known.filter(({ certificate }) => new X509Certificate(certificate).validToDate > now);
  const [newest] = valid;
  if (newest?.key !== undefined && !isDue(newest.certificate, now)) {
    return valid.length === known.length ? known : valid;
  }
  const made = issueCertificate({
    name: 'breakwater admission authority',
    from: new Date(now.getTime() - SKEW),
    until: new Date(now.getTime() + days * DAY),
  });
  return [made, ...valid];
}

/** The newest authority that had time to settle, else the newest that there is. */
function signerOf(authorities: readonly Authority[], now: Date, { settling }: Lifetimes): KeyedCertificate {
  const able = authorities.filter((authority): authority is KeyedCertificate => authority.key !== undefined);
  const settled = able.find(({ certificate }) => {
    const age = now.getTime() - SKEW - new X509Certificate(certificate).validFromDate.getTime();
    return age >= settling * DAY - SKEW;
  });
  return (settled ?? able[0]) as KeyedCertificate;
}

function stillGood(
  { certificate }: KeyedCertificate,
  authorities: readonly Authority[],
  hosts: readonly string[],
  now: Date,
): boolean {
  const server = new X509Certificate(certificate);
  const trusted = authorities.some((authority) => {
    const parent = new X509Certificate(authority.certificate);
    return server.verify(parent.publicKey);
  });
  const answers = hosts.every(
    (host) => (isIP(host) === 0 ? server.checkHost(host) : server.checkIP(host)) !== undefined,
  );
  return trusted && answers && !isDue(certificate, now);
}

function isDue(certificate: string, now: Date): boolean {
  const { validFromDate, validToDate } = new X509Certificate(certificate);
  const life = validToDate.getTime() - validFromDate.getTime();
  return now.getTime() > validFromDate.getTime() + life * RENEWED_AFTER;
}
