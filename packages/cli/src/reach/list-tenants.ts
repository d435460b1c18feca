import type { TenantGroup, TenantListing } from '@breakwater/app/reach';
import { formatPlace, UserError } from '@breakwater/model';
import { EXIT, type Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { plain, red, yellow } from '../terminal/style.ts';

/** Names of a group beyond which the rest is counted. */
const MOST_NAMES = 4;

/** Runs `reach --tenants`: what the tenants of manifests get at of each other. */
export async function listTenants(invocation: Invocation): Promise<number> {
  const { positionals, options, signal } = invocation;
  const output = outputOption(invocation, ['table', 'json']);
  if (positionals.length === 0)
    throw new UserError('Tenants in which manifests?', {
      code: 'target-missing',
      hint: 'breakwater reach --tenants PATH...',
    });
  const { readTenants } = await import('@breakwater/app/reach');
  const label = options['tenant-label'] as string | undefined;
  const { objects, ...listing } = await readTenants(positionals, { label }, signal);
  const text = output === 'json' ? JSON.stringify(listing, undefined, 2) : spellTenants(listing).join('\n');
  process.stdout.write(`${text}\n`);
  if (options['quiet'] !== true)
    for (const { message, place } of listing.unknowns)
      process.stderr.write(`${yellow('unknown')}  ${plain(`${formatPlace(place)}: ${message}`)}\n`);
  return objects === 0 || listing.unknowns.length > 0 ? EXIT.unknown : EXIT.passed;
}

/** What tenants get at of each other, as lines: groups before tenants, and what stops the rest below. */
export function spellTenants({ groups, rows }: TenantListing): string[] {
  const names = groups.map(spellGroup);
  const lines: string[] = [];
  for (const [to, group] of groups.entries()) {
    const own = rows.filter((row) => row.to === to);
    for (const { from, ways } of own) {
      const whom = from === to ? `${names[to]}: each of them -> each other` : `${names[from]} -> ${names[to]}`;
      lines.push(plain(whom));
      for (const { channel, what, unless } of ways)
        lines.push(
          `  ${unless === undefined ? red(channel.padEnd(9)) : yellow(channel.padEnd(9))}  ${plain(what)}${unless === undefined ? '' : plain(`; unless ${unless}`)}`,
        );
    }
    if (!own.some(({ ways }) => ways.some(({ channel }) => channel === 'network')))
      lines.push(closedLine(names[to]!, group));
  }
  const count = groups.reduce((sum, { tenants }) => sum + tenants.length, 0);
  if (count === 0) lines.push('There are no tenants: no workload was read.');
  if (count === 1) lines.push('There is no other tenant in view.');
  return lines;
}

function closedLine(name: string, { guards, workloads }: TenantGroup): string {
  if (workloads === 0) return `${plain(name)}: runs nothing`;
  if (guards.length === 0) return `${plain(name)}: no other tenant calls it over the network`;
  const listed = guards.length > 3 ? `${guards.slice(0, 3).join(', ')} and more` : guards.join(', ');
  return `${plain(name)}: closed to all others over the network by ${plain(listed)}`;
}

function spellGroup({ tenants, cluster }: TenantGroup): string {
  const shown = tenants.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = tenants.length > MOST_NAMES ? ` and ${tenants.length - MOST_NAMES} more` : '';
  const where = cluster === 'default' ? '' : ` of ${cluster}`;
  return `${shown.join(', ')}${more}${where}`;
}
