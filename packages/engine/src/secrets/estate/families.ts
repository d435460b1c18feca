import type { SecretFamily } from '@breakwater/model';

/** What a secret opens, by its type and by the names of its keys; values are never looked at. The first line that fits. */
const families: readonly (readonly [family: SecretFamily, types: RegExp, words: RegExp])[] = [
  ['cloud', /^$/, /aws|amazon|gcp|google|azure|cloud|gke|eks|access_?key_?id|service_?account.*json/i],
  ['database', /^$/, /(^|[-_.])(db|database|mysql|mariadb|postgres(ql)?|pg|mongo(db)?|redis|sql|rds|dsn|jdbc)/i],
  ['registry', /^kubernetes\.io\/docker/, /docker_?config/i],
  ['key', /^kubernetes\.io\/(tls|ssh-auth)$/, /private_?key|id_rsa|id_ed25519|tls\.key|\.pem$|\.key$|\.jks$|\.p12$/i],
  [
    'token',
    /^(kubernetes\.io\/(service-account-token|basic-auth)|bootstrap\.kubernetes\.io\/token)$/,
    /token|pass(word|wd|phrase)?|api[-_]?key|secret|credential|auth|vault|webhook/i,
  ],
];

/** What a secret opens, by its type (empty where it is not known) and by its name, keys and variables. */
export function familyOf(type: string, words: readonly string[]): SecretFamily {
  const found = families.find(
    ([, types, pattern]) => (type !== '' && types.test(type)) || words.some((word) => pattern.test(word)),
  );
  return found?.[0] ?? 'other';
}

/** The same by the rule that found a written secret, and by its name. */
export function typeFamily(rule: string, name: string): SecretFamily {
  if (rule === 'private-key') return 'key';
  if (rule === 'password-in-address') return 'database';
  const family = familyOf('', [name, rule]);
  return family === 'other' ? 'token' : family;
}
