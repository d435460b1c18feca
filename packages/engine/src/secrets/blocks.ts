import type { Found } from './found.ts';
import { isPlaceholder } from './placeholders.ts';

const BEGIN = /-----BEGIN[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----/g;
const END = '-----END';
const LONGEST_KEY = 20_000;
const SHORTEST_KEY = 40;
const LONGEST_LOGIN = 300;
/** Where the part of an address with user, password and host ends. */
const authorityEnd = /[\s/?#"'`<>]/;

const anyHeader = /authorization/i;
const header = /authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:basic|bearer|token|apikey)\s{1,3}([\w.~+/=-]{8,2000})/gi;
const login = /\bcurl\b[^\n]{0,300}?\s(?:-u|--user)[ =]{0,2}(["']?)([^\s"':]{1,80}):([^\s"']{3,120})\1/g;
const nuget = /<add\s{1,5}key="(?:ClearText)?Password"\s{1,5}value="([^"]{8,200})"/gi;

/** Secrets that stand in something longer: keys in PEM, addresses with a password, headers, calls of curl. */
export function* blocksIn(text: string, path = ''): Generator<Found> {
  yield* privateKeys(text);
  yield* passwordsInAddresses(text);
  for (const hit of anyHeader.test(text) ? text.matchAll(header) : []) {
    const secret = hit[1]!;
    if (isPlaceholder(secret) || isWord(secret)) continue;
    yield {
      rule: 'authorization-header',
      start: hit.index + hit[0].length - secret.length,
      end: hit.index + hit[0].length,
    };
  }
  if (text.includes('curl'))
    for (const hit of text.matchAll(login)) {
      const [, quote = '', user = '', password = ''] = hit;
      if (isWord(password) || isPlaceholder(password) || isPlaceholder(user) || password === user) continue;
      const end = hit.index + hit[0].length - quote.length;
      yield { rule: 'curl-login', start: end - password.length, end };
    }
  if (/(^|\/)nuget\.config$/i.test(path) || text.includes('packageSourceCredentials'))
    for (const hit of text.matchAll(nuget)) {
      const end = hit.index + hit[0].length - 1;
      yield { rule: 'nuget-password', start: end - hit[1]!.length, end };
    }
}

/** `scheme://user:password@host`: only what stands between `://` and the next slash or blank is looked at. */
function* passwordsInAddresses(text: string): Generator<Found> {
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    if (!/[a-z0-9+.-]/i.test(text[at - 1] ?? '')) continue;
    const rest = text.slice(at + 3, at + 3 + LONGEST_LOGIN);
    const end = rest.search(authorityEnd);
    const authority = end === -1 ? rest : rest.slice(0, end);
    const host = authority.lastIndexOf('@');
    const colon = authority.indexOf(':');
    if (colon === -1 || host < colon || !/^[\w.[-]/.test(authority.slice(host + 1))) continue;
    const password = authority.slice(colon + 1, host);
    if (password.length < 3 || isWord(password) || isPlaceholder(password) || password === authority.slice(0, colon))
      continue;
    yield { rule: 'password-in-address', start: at + 4 + colon, end: at + 3 + host };
  }
}

function* privateKeys(text: string): Generator<Found> {
  for (const hit of text.matchAll(BEGIN)) {
    const content = hit.index + hit[0].length;
    const rest = text.slice(content, content + LONGEST_KEY);
    const length = rest.indexOf('-----');
    if (length === -1 || !rest.startsWith(END, length)) continue;
    const key = rest.slice(0, length).replace(/\\n|\s/g, '');
    if (key.length < SHORTEST_KEY || isPlaceholder(key.slice(0, 60))) continue;
    const close = rest.indexOf('-----', length + END.length);
    yield { rule: 'private-key', start: hit.index, end: content + (close === -1 ? length : close + '-----'.length) };
  }
}

/** What documentation writes where a password would stand. */
function isWord(password: string): boolean {
  return /^(?:user(?:name)?|pass(?:word|wd)?|pw|pwd|secret|token|test|guest|foo|bar|baz|host|port|x+|\W+|[A-Z_]+)$/i.test(
    password,
  );
}
