import type { AuditCoverage, GrantUse, IdentityUse, PermissionReport, PermissionUse } from '@breakwater/model';
import { countOf } from './count-of.ts';
import { bold, dim, green, plain, yellow } from './style.ts';
import { wrapText } from './table.ts';

const KINDS = { User: 'user', Group: 'group', ServiceAccount: 'service account' } as const;

/** Unused permissions of one binding that are told by name; the others are counted. */
const MOST_TOLD = 12;

/** Hours without a request from which a gap is told. */
const GAP = 6;

/** What was not used, as lines of at most `width` columns. */
export function permissionLines(
  { coverage, identities, strangers }: PermissionReport,
  top: number,
  width: number,
): string[] {
  const shown = identities.slice(0, top);
  const hidden = identities.length - shown.length;
  return [
    ...wrapText(coverageLine(coverage), width),
    ...shown.flatMap((identity) => ['', ...identityLines(identity, width)]),
    ...(hidden > 0 ? ['', dim(`${countOf(hidden, 'identity', 'identities')} more with --top or --output json.`)] : []),
    ...(strangers.length > 0 ? ['', ...wrapText(strangerLine(strangers), width)] : []),
  ];
}

function coverageLine({ from, to, requests, days, longestGap, policy, reads, groups }: AuditCoverage): string {
  if (requests === 0) return yellow('The audit log holds no request: nothing can be told of what is used.');
  const gap = longestGap >= GAP ? ` Nothing was logged for up to ${Math.round(longestGap)} hours.` : '';
  const doubt = policy
    ? ''
    : reads
      ? ' What the API server logs is not known: give it with --audit-policy.'
      : ' It holds no reading at all, so that nothing is said of get, list and watch: --audit-policy would tell.';
  const head = `${countOf(requests, 'request')} on ${countOf(days, 'day')} from ${minute(from)} to ${minute(to)}.`;
  const members = groups ? '' : ' It does not name the groups of who asks: nothing is said of what groups use.';
  return `${head}${yellow(`${gap}${doubt}${members}`)}`;
}

const minute = (time: string): string => time.slice(0, 16).replace('T', ' ');

function identityLines(
  { kind, namespace, name, requests, refused, granted, unused, last, grants, sufficient }: IdentityUse,
  width: number,
): string[] {
  const who = `${KINDS[kind]} ${bold(plain(namespace === '' ? name : `${namespace}/${name}`))}`;
  const asked =
    requests === 0
      ? 'never asked for anything'
      : `${countOf(requests, 'request')}, the last at ${minute(last)}${refused > 0 ? `, ${refused} refused` : ''}`;
  const wide = grants.flatMap(({ permissions }) => permissions).filter(({ of }) => of.length > 0).length;
  const head = `${who}: ${useOf(unused, wide, granted)} (${asked})`;
  const yaml =
    sufficient === ''
      ? []
      : [
          '  Enough would be:',
          ...sufficient
            .trimEnd()
            .split('\n')
            .map((line) => `    ${plain(line)}`),
        ];
  return [
    ...wrapText(head, width),
    ...grants.flatMap((grant) => grantLines(grant, width)),
    ...(unused + wide > 0 ? yaml : []),
  ];
}

function useOf(unused: number, wide: number, granted: number): string {
  if (unused > 0) return `${bold(`${unused}`)} of ${countOf(granted, 'permission')} never used`;
  if (wide > 0) return `${bold(countOf(wide, 'wildcard'))} wider than what was used`;
  return granted === 0 ? 'has nothing' : green('uses all that it has');
}

function grantLines({ binding, role, used, permissions, places }: GrantUse, width: number): string[] {
  const idle = permissions.filter((permission) => permission.used === 0 && permission.logged !== 'no');
  const untold = permissions.filter((permission) => permission.used === 0 && permission.logged === 'no').length;
  const wild = permissions.filter(({ of }) => of.length > 0);
  const where = places[0] === undefined ? '' : dim(` [${plain(places[0])}]`);
  const what =
    used === 0 ? (untold === permissions.length ? 'its use is not logged' : 'never used') : `${used} times used`;
  const lines = [`  ${plain(binding)} gives ${plain(role)}: ${what}${where}`];
  if (used > 0 && idle.length > 0) lines.push(`    not used: ${listed(idle)}`);
  for (const permission of wild.slice(0, MOST_TOLD))
    lines.push(`    of ${spell(permission)} only: ${permission.of.map(plain).join(', ')}`);
  if (untold > 0 && untold < permissions.length) lines.push(dim(`    ${untold} whose use is not logged`));
  return lines.flatMap((line) =>
    wrapText(line.trimStart(), width - 6).map(
      (part, at) => `${' '.repeat(line.search(/\S/) + (at > 0 ? 2 : 0))}${part}`,
    ),
  );
}

function listed(permissions: readonly PermissionUse[]): string {
  const byResource = Map.groupBy(permissions, ({ group, resource, names, path }) =>
    [path, resource, group, names.join()].join(' '),
  );
  const parts = [...byResource.values()].map((own) => `${own.map(({ verb }) => verb).join(',')} ${target(own[0]!)}`);
  const more = parts.length - MOST_TOLD;
  return `${parts.slice(0, MOST_TOLD).map(plain).join('; ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const spell = (permission: PermissionUse): string => plain(`${permission.verb} ${target(permission)}`);

function target({ group, resource, names, path }: PermissionUse): string {
  if (path !== '') return path;
  return `${resource}${group === '' ? '' : `.${group}`}${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
}

function strangerLine(strangers: PermissionReport['strangers']): string {
  const first = strangers.slice(0, 5).map(({ user, requests }) => `${plain(user)} (${requests})`);
  const more = strangers.length > 5 ? ` and ${strangers.length - 5} more` : '';
  return dim(`No binding here names who asked too: ${first.join(', ')}${more}.`);
}
