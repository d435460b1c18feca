import { TarError } from './header.ts';

/** What a PAX header says that matters here. */
export interface PaxRecords {
  path?: string;
  linkpath?: string;
  size?: number;
  /** The file is sparse: its body is a map and the pieces between the holes. */
  sparse?: boolean;
}

/** Parses the records `LENGTH KEY=VALUE\n` of a PAX header. A length that leaves the header is a `TarError`. */
export function parsePax(body: Buffer): PaxRecords {
  const records: PaxRecords = {};
  let at = 0;
  while (at < body.length && body[at] !== 0) {
    const space = body.indexOf(0x20, at);
    const length = space === -1 || space - at > 12 ? Number.NaN : Number(body.toString('latin1', at, space));
    const end = at + length;
    if (!(length > space - at + 2) || end > body.length) throw new TarError('a PAX record has a wrong length');
    const equals = body.indexOf(0x3d, space);
    if (equals === -1 || equals >= end) throw new TarError('a PAX record has no value');
    take(records, body.toString('utf8', space + 1, equals), body.toString('utf8', equals + 1, end - 1));
    at = end;
  }
  return records;
}

function take(records: PaxRecords, key: string, value: string): void {
  if (key === 'path') records.path ??= value;
  else if (key === 'linkpath') records.linkpath = value;
  else if (key === 'size') {
    records.size = Number(value);
    if (!Number.isSafeInteger(records.size) || records.size < 0)
      throw new TarError('a PAX header states an impossible size');
  } else if (key === 'GNU.sparse.name') records.path = value;
  if (key.startsWith('GNU.sparse.')) records.sparse = true;
}
