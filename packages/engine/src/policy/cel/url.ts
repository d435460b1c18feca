import { CelError, Opaque } from './values.ts';

const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):/;
const CONTROL = /[\x00-\x1f\x7f]/;
const BAD_ESCAPE = /%(?![0-9a-fA-F]{2})/;
const USER = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
const HOST = /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]|[^\x00-\x7f]|%25|%[89a-fA-F][0-9a-fA-F])*$/;
const ENCODED_PATH = /^[A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]%]*$/;
const PLAIN = /[A-Za-z0-9\-_.~$&+,/:;=@]/;

interface Parts {
  scheme: string;
  /** With brackets and port. */
  host: string;
  path: string;
  query: string;
}

/** A URL as an HTTP request names it (`net/url` of Go: absolute, or a path). */
export class CelUrl extends Opaque {
  readonly $kind = 'kubernetes.URL';
  readonly $parts: Parts;
  readonly $text: string;

  constructor(parts: Parts, text: string) {
    super();
    this.$parts = parts;
    this.$text = text;
  }

  $equals(other: Opaque): boolean {
    return other instanceof CelUrl && other.$text === this.$text;
  }
}

/** Reads what `url()` takes; the error says what is wrong, as Go words it. */
export function readUrl(text: string): CelUrl | CelError {
  const shown = JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text);
  const fail = (reason: string): CelError => new CelError(`parse ${shown}: ${reason}`);
  if (CONTROL.test(text)) return fail('net/url: invalid control character in URL');
  if (text === '') return fail('empty url');
  if (text.startsWith(':')) return fail('missing protocol scheme');
  const written = SCHEME.exec(text)?.[1];
  const scheme = written?.toLowerCase() ?? '';
  const rest = written === undefined ? text : text.slice(written.length + 1);
  const mark = rest.indexOf('?');
  const before = mark < 0 ? rest : rest.slice(0, mark);
  const query = mark < 0 ? '' : rest.slice(mark + 1);
  const whole = scheme === '' ? text : `${scheme}:${rest}`;
  if (text === '*') return new CelUrl({ scheme, host: '', path: '*', query }, whole);
  if (!before.startsWith('/')) {
    if (scheme === '') return fail('invalid URI for request');
    return new CelUrl({ scheme, host: '', path: '', query }, whole);
  }
  if (scheme === '' || !before.startsWith('//'))
    return withPath({ scheme, host: '', path: before, query }, whole, fail);
  const slash = before.indexOf('/', 2);
  const authority = slash < 0 ? before.slice(2) : before.slice(2, slash);
  const host = readHost(authority);
  if (host instanceof CelError) return fail(host.$message);
  return withPath({ scheme, host, path: slash < 0 ? '' : before.slice(slash), query }, whole, fail);
}

function withPath(parts: Parts, whole: string, fail: (reason: string) => CelError): CelUrl | CelError {
  const bad = BAD_ESCAPE.exec(parts.path);
  if (bad !== null) return fail(`invalid URL escape "${parts.path.slice(bad.index, bad.index + 3)}"`);
  return new CelUrl(parts, whole);
}

/** The host of an authority, without the user before `@`. */
function readHost(authority: string): string | CelError {
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  const user = at < 0 ? '' : authority.slice(0, at);
  if (!USER.test(user) || BAD_ESCAPE.test(user)) return new CelError('net/url: invalid userinfo');
  const bracket = host.startsWith('[') ? host.lastIndexOf(']') : -1;
  if (host.startsWith('[') && bracket < 0) return new CelError("missing ']' in host");
  const colon = bracket < 0 ? host.lastIndexOf(':') : bracket + 1;
  const port = colon < 0 ? '' : host.slice(colon);
  if (!/^(?::[0-9]*)?$/.test(port)) return new CelError(`invalid port ${JSON.stringify(port)} after host`);
  if (BAD_ESCAPE.test(host)) return new CelError('invalid URL escape');
  return HOST.test(host) ? decode(host) : new CelError('invalid character in host name');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The host without brackets and port. */
export function hostnameOf({ $parts: { host } }: CelUrl): string {
  const bare = host.replace(/:[0-9]*$/, '');
  return bare.startsWith('[') ? bare.slice(1, bare.indexOf(']')) : bare;
}

export const portOf = ({ $parts: { host } }: CelUrl): string => /:([0-9]*)$/.exec(host)?.[1] ?? '';

/** The path as written where it is encoded already, else with everything encoded that must be. */
export function escapedPathOf({ $parts: { path } }: CelUrl): string {
  if (ENCODED_PATH.test(path) || path === '*') return path;
  let escaped = '';
  for (const character of decode(path)) {
    escaped += PLAIN.test(character) ? character : percent(character);
  }
  return escaped;
}

const percent = (character: string): string =>
  Array.from(
    new TextEncoder().encode(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');

/** The parameters of the query, each with its values; what cannot be decoded is left out. */
export function queryOf({ $parts: { query } }: CelUrl): Map<string, string[]> {
  const parameters = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';') || BAD_ESCAPE.test(pair)) continue;
    const [name = '', ...value] = pair.replaceAll('+', ' ').split('=');
    const key = decode(name);
    parameters.set(key, [...(parameters.get(key) ?? []), decode(value.join('='))]);
  }
  return parameters;
}
