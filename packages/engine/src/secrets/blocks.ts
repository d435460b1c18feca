import type { Found } from './found.ts';
import { isPlaceholder } from './placeholders.ts';

const BEGIN = /-----BEGIN[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----/g;
const END = '-----END';
const LONGEST_KEY = 20_000;
const SHORTEST_KEY = 40;
const LONGEST_LOGIN = 300;
/** Where the part of an address with user, password and host ends. */
const authorityEnd = /[\s/?#"'`<>]/;

/** A form of text with a secret in it. */
interface Block {
  rule: string;
  /** With indices; the group `secret` is the secret, `user` whose it is. */
  pattern: RegExp;
  /** Whether the text may have it: a quick look. */
  occurs: (text: string, path: string) => boolean;
}

const blocks: readonly Block[] = [
  {
    rule: 'authorization-header',
    pattern:
      /authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:(?:basic|bearer|(?:api-?)?token|apikey)\s{1,3})(?<secret>[\w.~+@/=-]{8,2000})/dgi,
    occurs: (text) => /authorization/i.test(text),
  },
  {
    rule: 'authorization-header',
    pattern: /(?:-H|--header)[ =]{0,2}["']authorization:\s{0,3}(?<secret>[\w~+@/=.-]{8,2000})["']/dgi,
    occurs: (text) => text.includes('curl'),
  },
  {
    rule: 'key-header',
    pattern:
      /(?:-H|--header)[ =]{0,2}["'](?:[a-z]{1,30}-){0,4}(?:api-?)?(?:key|token):\s{0,3}(?<secret>[\w=~@.+/-]{8,2000})/dgi,
    occurs: (text) => text.includes('curl'),
  },
  {
    rule: 'curl-login',
    pattern:
      /\bcurl\b[^\n]{0,300}?\s(?:-u|--user)[ =]{0,2}(?<quote>["']?)(?<user>[^\s"':]{1,80}):(?<secret>[^\s"']{3,120})\k<quote>/dg,
    occurs: (text) => text.includes('curl'),
  },
  {
    rule: 'nuget-password',
    pattern: /<add\s{1,5}key="(?:ClearText)?Password"\s{1,5}value="(?<secret>[^"]{8,200})"/dgi,
    occurs: (text, path) => /(^|\/)nuget\.config$/i.test(path) || text.includes('packageSourceCredentials'),
  },
  {
    rule: 'freemius-key',
    pattern: /["']secret_key["']\s{0,5}=>\s{0,5}["'](?<secret>sk_\S{29})["']/dg,
    occurs: (_, path) => path.endsWith('.php'),
  },
];

/** Secrets that stand in something longer: keys in PEM, addresses with a password, headers, calls of curl. */
export function* blocksIn(text: string, path = ''): Generator<Found> {
  yield* privateKeys(text);
  yield* passwordsInAddresses(text);
  for (const { rule, pattern, occurs } of blocks) {
    if (!occurs(text, path)) continue;
    for (const hit of text.matchAll(pattern)) {
      const { secret = '', user } = hit.groups ?? {};
      const [start, end] = hit.indices!.groups!['secret']!;
      if (isWord(secret) || isPlaceholder(secret) || user === secret) continue;
      if (user === undefined || !isPlaceholder(user)) yield { rule, start, end };
    }
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
