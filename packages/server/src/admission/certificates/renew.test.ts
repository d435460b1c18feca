import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bundleOf, type KeptCertificates, renewCertificates } from './renew.ts';

const HOSTS = ['breakwater.breakwater.svc'];
const START = new Date('2026-01-01T00:00:00Z');
const LIFETIMES = { authority: 30, server: 9, settling: 1 };
const after = (days: number): Date => new Date(START.getTime() + days * 86_400_000);

const parse = (pem: string): X509Certificate => new X509Certificate(pem);
const certificates = (bundle: string): X509Certificate[] => bundle.split(/(?<=-----END CERTIFICATE-----\n)/).map(parse);
const signedBy = ({ server, authorities }: KeptCertificates): number =>
  authorities.findIndex(({ certificate }) => parse(server.certificate).verify(parse(certificate).publicKey));

describe('renewCertificates', () => {
  it('changes nothing while nothing is due', () => {
    const first = renewCertificates(undefined, HOSTS, START, LIFETIMES);
    expect(renewCertificates(first, HOSTS, after(5), LIFETIMES)).toBe(first);
  });

  it('renews a server long before its end, and for another name at once', () => {
    const first = renewCertificates(undefined, HOSTS, START, LIFETIMES);
    const second = renewCertificates(first, HOSTS, after(6.1), LIFETIMES);
    expect(second.server.certificate).not.toBe(first.server.certificate);
    expect(second.authorities).toBe(first.authorities);
    const renamed = renewCertificates(first, ['other.svc'], after(1), LIFETIMES);
    expect(parse(renamed.server.certificate).checkHost('other.svc')).toBe('other.svc');
  });

  it('never serves what was not trusted a while before, and is always trusted, all through two lives of an authority', () => {
    let kept: KeptCertificates | undefined;
    let trusted: X509Certificate[] = [];
    let renewals = 0;
    for (let day = 0; day < 60; day += 0.5) {
      const now = after(day);
      const next = renewCertificates(kept, HOSTS, now, LIFETIMES);
      const server = parse(next.server.certificate);
      if (kept !== undefined && next.server !== kept.server) {
        renewals++;
        expect(trusted.some((authority) => server.verify(authority.publicKey))).toBe(true);
      }
      expect(server.validToDate > now && server.validFromDate < now).toBe(true);
      expect(signedBy(next)).toBeGreaterThanOrEqual(0);
      kept = next;
      trusted = certificates(bundleOf(next)).filter(({ validToDate }) => validToDate > now);
    }
    expect(renewals).toBeGreaterThan(8);
    expect(kept?.authorities.length).toBeLessThanOrEqual(2);
  });

  it('begins anew where everything is past its end', () => {
    const first = renewCertificates(undefined, HOSTS, START, LIFETIMES);
    const late = renewCertificates(first, HOSTS, after(100), LIFETIMES);
    expect(late.authorities).toHaveLength(1);
    expect(parse(late.server.certificate).validToDate > after(100)).toBe(true);
  });
});
