/** One line of an audit log of Linux: a record, one of several that make an event. */
export interface AuditRecord {
  /** `SYSCALL`, `EXECVE`, `PATH` ... */
  type: string;
  /** Milliseconds since 1970. */
  time: number;
  /** What the records of an event have in common: node, time and serial. */
  event: string;
  node: string | undefined;
  fields: Map<string, string>;
}

const HEADER =
  /^(?:node=(\S{1,255}) )?type=([A-Z][A-Z0-9_]{0,63}|UNKNOWN\[\d{1,9}\]) msg=audit\((\d{1,12})\.(\d{3}):(\d{1,12})\): ?/;
/** `name=`, then a quoted text, or a word. */
const FIELD = /([A-Za-z_][A-Za-z0-9_-]{0,63}(?:\[\d{1,6}\])?)=("[^"]*"?|\S*)/g;
/** What `log_format = ENRICHED` adds stands behind this, in the words of the host that wrote the log. */
const ENRICHED = '\u001d';
const MOST_FIELDS = 2_000;

/** A record; undefined for a line that is none. */
export function parseAuditRecord(line: string): AuditRecord | undefined {
  const header = HEADER.exec(line);
  if (header === null) return undefined;
  const [whole, node, type = '', seconds, milliseconds, serial] = header;
  const end = line.indexOf(ENRICHED, whole.length);
  const text = line.slice(whole.length, end < 0 ? undefined : end);
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(FIELD)) {
    if (fields.size >= MOST_FIELDS) break;
    if (!fields.has(name)) fields.set(name, value);
  }
  const time = Number(seconds) * 1000 + Number(milliseconds);
  return { type, time, event: `${node ?? ''} ${seconds}.${milliseconds}:${serial}`, node, fields };
}

/**
 * A text that a program could choose: quoted as it is, or as hexadecimal digits where it holds a space, a quote or
 * anything that is no plain character (audit_log_untrustedstring of the kernel). Undefined for `(null)` and `(none)`.
 */
export function textIn(value: string | undefined): string | undefined {
  if (value === undefined || value === '' || value === '(null)' || value === '(none)') return undefined;
  if (value.startsWith('"')) return value.endsWith('"') && value.length > 1 ? value.slice(1, -1) : value.slice(1);
  return bytesIn(value)?.toString('utf8') ?? value;
}

/** Bytes that stand as hexadecimal digits; undefined for anything else. */
export function bytesIn(value: string | undefined): Buffer | undefined {
  if (value === undefined || value.length % 2 === 1 || !/^[0-9A-Fa-f]+$/.test(value)) return undefined;
  return Buffer.from(value, 'hex');
}

/** A decimal number; undefined for anything else, and for 4294967295, which stands for none. */
export function numberIn(value: string | undefined): number | undefined {
  if (value === undefined || !/^-?\d{1,15}$/.test(value)) return undefined;
  const number = Number(value);
  return number === 4_294_967_295 ? undefined : number;
}
