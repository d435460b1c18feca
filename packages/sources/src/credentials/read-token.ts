import { type Credential, LONGEST_NAME, MOST_GROUPS, userCredential } from './credential.ts';

/** Longest token that is taken apart. */
const LONGEST = 65_536;

/** Claims by which API servers are told to name users, the usual one first. */
const NAMES = ['email', 'preferred_username', 'upn', 'name'];

/**
 * Who a bearer token is for, by the claims that it carries; its signature is not checked, for whoever finds it uses it
 * as it is. Undefined for a token that says nothing of its owner, as those of static files.
 */
export function readToken(text: string, what: string): Credential | undefined {
  const token = text.trim();
  const [, bootstrap] = /^([a-z0-9]{6})\.[a-z0-9]{16}$/.exec(token) ?? [];
  if (bootstrap !== undefined)
    return userCredential(`bootstrap ${what}`, `system:bootstrap:${bootstrap}`, ['system:bootstrappers']);
  const claims = claimsOf(token);
  const subject = textOf(claims?.['sub']);
  if (claims === undefined || subject === undefined) return undefined;
  const issuer = textOf(claims['iss']);
  const others = [...NAMES.map((name) => textOf(claims[name])), issuer === undefined ? undefined : subject];
  const isAccount = subject.startsWith('system:serviceaccount:');
  const ends = claims['exp'];
  return {
    ...userCredential(what, isAccount || issuer === undefined ? subject : `${issuer}#${subject}`, groupsOf(claims)),
    otherNames: isAccount ? [] : [...new Set(others.filter((name) => name !== undefined))],
    ...(typeof ends === 'number' && ends > 0 && ends < 8e12 ? { expires: new Date(ends * 1_000).toISOString() } : {}),
    ...(claims['aud'] === undefined ? {} : { audiences: textsOf(claims['aud']) }),
  };
}

function claimsOf(token: string): Record<string, unknown> | undefined {
  if (token.length > LONGEST) return undefined;
  const parts = token.split('.');
  if (parts.length !== 3 || !/^[A-Za-z0-9_-]+$/.test(parts[1] ?? '')) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1]!, 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return undefined;
    return Object.assign(Object.create(null), claims);
  } catch {
    return undefined;
  }
}

const groupsOf = (claims: Record<string, unknown>): string[] => textsOf(claims['groups']).slice(0, MOST_GROUPS);

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_NAME) : undefined;

function textsOf(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.slice(0, MOST_GROUPS).flatMap((each) => textOf(each) ?? []);
}
