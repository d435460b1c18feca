/** When a certificate ends. */
export interface CertificateDate {
  /** ISO 8601. */
  notAfter: string;
}

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]{1,20000})-----END CERTIFICATE-----/g;
/** Certificates of a chain that are looked at. */
const MOST = 20;
const SEQUENCE = 0x30;
const VERSION = 0xa0;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/** Every certificate of a text in PEM, by when it ends (RFC 5280, 4.1.2.5). What is no certificate is passed over. */
export function certificatesIn(text: string): CertificateDate[] {
  const found: CertificateDate[] = [];
  for (const hit of text.matchAll(PEM)) {
    const notAfter = found.length < MOST ? endOf(hit[1]!.replace(/\s/g, '')) : undefined;
    if (notAfter !== undefined) found.push({ notAfter });
  }
  return found;
}

interface Element {
  tag: number;
  start: number;
  end: number;
}

/** Certificate > tbsCertificate > [version] serial signature issuer validity > notBefore notAfter. */
function endOf(base64: string): string | undefined {
  let bytes: string;
  try {
    bytes = atob(base64);
  } catch {
    return undefined;
  }
  const certificate = elementAt(bytes, 0);
  const body = certificate?.tag === SEQUENCE ? elementAt(bytes, certificate.start) : undefined;
  if (body?.tag !== SEQUENCE) return undefined;
  let field = elementAt(bytes, body.start);
  if (field?.tag === VERSION) field = elementAt(bytes, field.end);
  for (let skipped = 0; skipped < 3 && field !== undefined; skipped++) field = elementAt(bytes, field.end);
  const notBefore = field?.tag === SEQUENCE ? elementAt(bytes, field.start) : undefined;
  const notAfter = notBefore === undefined ? undefined : elementAt(bytes, notBefore.end);
  return notAfter === undefined ? undefined : timeOf(notAfter.tag, bytes.slice(notAfter.start, notAfter.end));
}

/** One element of DER: its tag, and where its content lies. */
function elementAt(bytes: string, at: number): Element | undefined {
  if (at + 2 > bytes.length) return undefined;
  const tag = bytes.charCodeAt(at);
  let length = bytes.charCodeAt(at + 1);
  let start = at + 2;
  if (length > 0x80) {
    const count = length - 0x80;
    if (count > 3 || start + count > bytes.length) return undefined;
    length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + bytes.charCodeAt(start + index);
    start += count;
  }
  return start + length > bytes.length ? undefined : { tag, start, end: start + length };
}

/** `YYMMDDHHMMSSZ` of this century up to 49, `YYYYMMDDHHMMSSZ`. */
function timeOf(tag: number, text: string): string | undefined {
  const full = tag === UTC_TIME ? (Number(text.slice(0, 2)) < 50 ? '20' : '19') + text : text;
  const parts =
    tag === UTC_TIME || tag === GENERALIZED_TIME ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full) : null;
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
