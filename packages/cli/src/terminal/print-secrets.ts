import { formatPlace, type SecretFacts, type SecretReport, type WrittenSecret } from '@breakwater/model';
import { countOf } from './count-of.ts';
import { bold, dim, plain, red, yellow } from './style.ts';

/** What a family opens, in a word or two. */
const OPENS: Readonly<Record<SecretFacts['family'], string>> = {
  cloud: 'a cloud account',
  database: 'a database',
  token: 'a token or password',
  key: 'a private key',
  registry: 'an image registry',
  other: 'cannot be told',
};

const WEIGHT: Readonly<Record<SecretFacts['family'], number>> = {
  cloud: 20,
  database: 15,
  token: 12,
  key: 10,
  registry: 8,
  other: 5,
};

/** Readers and places shown of one secret. */
const SHOWN = 3;
/** Plain secrets shown that belong to no secret. */
const WRITTEN_SHOWN = 30;

/** The secrets that matter most first, each with its readers and places, then what is written in plain text elsewhere. */
export function printSecrets(report: SecretReport, top: number): string {
  const { secrets, written, encryption, stores } = report;
  const lines: string[] = [];
  const sorted = [...secrets].sort((a, b) => weightOf(b) - weightOf(a) || (a.id < b.id ? -1 : 1));
  const unused = secrets.filter((secret) => secret.unused).length;
  const plainText = secrets.filter((secret) => secret.written.length > 0).length;
  lines.push(
    `${bold(countOf(secrets.length, 'secret'))}, ${plainText} of them in plain text, ${unused} unused; ${countOf(written.length, 'more secret')} in plain text`,
  );
  for (const { cluster, encrypted, reason } of encryption)
    lines.push(
      `encrypted at rest${encryption.length > 1 ? ` in ${plain(cluster)}` : ''}: ${marked(encrypted)}  ${dim(reason)}`,
    );
  for (const { subject, words, secret } of stores)
    if (secret === undefined) lines.push(`from a store: ${plain(`${subject}, by ${words}`)}`);
  for (const secret of sorted.slice(0, top)) lines.push('', ...secretLines(secret));
  if (sorted.length > top) lines.push('', dim(`and ${sorted.length - top} more: --top ${sorted.length}`));
  if (written.length > 0) lines.push('', bold('In plain text'), ...writtenLines(written));
  return `${lines.join('\n')}\n`;
}

function weightOf(secret: SecretFacts): number {
  const readers = secret.readers.length + secret.moreReaders;
  return WEIGHT[secret.family] * (1 + Math.log2(1 + readers)) * (secret.written.length > 0 ? 1.5 : 1);
}

function secretLines(secret: SecretFacts): string[] {
  const { namespace, name, family, readers, moreReaders, written, usedBy, store } = secret;
  const states = statesOf(secret);
  const lines = [
    `${bold(plain(`${namespace}/${name}`))}  opens ${OPENS[family]}${states.length > 0 ? `  ${states.join(', ')}` : ''}`,
  ];
  if (store !== undefined) lines.push(`    from      ${plain(store)}`);
  for (const use of usedBy.slice(0, SHOWN)) lines.push(`    used by   ${plain(use)}`);
  const others = readers.filter(({ who, how }) => !usedBy.includes(`${who} ${how}`));
  for (const { who, how } of others.slice(0, SHOWN)) lines.push(`    read by   ${plain(`${who}: ${how}`)}`);
  const more = others.length + moreReaders - Math.min(others.length, SHOWN);
  if (more > 0) lines.push(dim(`              and ${more} more`));
  for (const one of written.slice(0, SHOWN)) lines.push(`    ${red('written')}   ${plain(placeText(one))}`);
  if (written.length > SHOWN) lines.push(dim(`              and ${written.length - SHOWN} more`));
  return lines;
}

function statesOf({ unused, stale, certificates, origin }: SecretFacts): string[] {
  const worst = certificates.find(({ state }) => state !== 'valid');
  return [
    ...(unused ? [yellow('unused')] : []),
    ...(stale ? [yellow('not changed for a year')] : []),
    ...(worst === undefined
      ? []
      : [red(`certificate ${worst.state === 'expired' ? 'expired' : 'ends'} on ${worst.notAfter.slice(0, 10)}`)]),
    ...(origin === 'elsewhere' ? [dim('its manifest is not here')] : []),
  ];
}

function writtenLines(written: readonly WrittenSecret[]): string[] {
  const lines = written.slice(0, WRITTEN_SHOWN).map((one) => `  ${plain(placeText(one))}`);
  return written.length > WRITTEN_SHOWN ? [...lines, dim(`  and ${written.length - WRITTEN_SHOWN} more`)] : lines;
}

/** "API_KEY in k8s/web.yaml:12 (environment of Deployment shop/web; generic-secret)". */
function placeText({ name, place, where, subject, rule }: WrittenSecret): string {
  const by = where === 'file' ? rule : where === 'secret-manifest' ? 'its manifest' : `${where} of ${subject}; ${rule}`;
  return `${name === '' ? '' : `${name} in `}${formatPlace(place)} (${by})`;
}

function marked(encrypted: 'yes' | 'no' | 'unknown'): string {
  return encrypted === 'no' ? red(encrypted) : encrypted === 'unknown' ? yellow(encrypted) : encrypted;
}
