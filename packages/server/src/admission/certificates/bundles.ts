import { X509Certificate } from 'node:crypto';

/** Certificates in PEM text; what is none is left out. */
function certificatesIn(text: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

/** Whether an authority of a bundle signed a certificate, or one of those that are served beside it; or is one of them. */
export function vouches(bundle: string, chain: string): boolean {
  const authorities = certificatesIn(bundle);
  return certificatesIn(chain).some((certificate) =>
    authorities.some(
      (authority) =>
        authority.fingerprint256 === certificate.fingerprint256 ||
        (certificate.checkIssued(authority) && certificate.verify(authority.publicKey)),
    ),
  );
}

/** Authorities of ours, and those beside them that another replica may still serve with: each once, none past its end. */
export function joinBundles(own: string, present: string): string {
  const [ours, theirs] = [certificatesIn(own), certificatesIn(present)];
  const known = new Set(ours.map(({ fingerprint256 }) => fingerprint256));
  const others = theirs.filter(
    ({ fingerprint256, subject, validToDate }) =>
      !known.has(fingerprint256) && subject === ours[0]?.subject && validToDate > new Date(),
  );
  return [...ours, ...others].map(String).join('');
}
