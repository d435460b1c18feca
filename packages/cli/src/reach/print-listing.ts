import type { ReachListing, ReachRow } from '@breakwater/app/reach';
import { bold, dim, green, plain, red } from '../terminal/style.ts';
import { alignColumns } from '../terminal/table.ts';
import { foldRows } from './fold-rows.ts';

/** What was asked as lines for people: reasons where both ends were given, else connections. */
export function linesOfListing(listing: ReachListing, wantsExposure: boolean): string[] {
  const { workloads, rows, reasons, namespaces } = listing;
  const lines =
    reasons.length > 0 ? reasonLines(listing) : [...rowLines(foldRows(rows, workloads)), ...namespaceLines(namespaces)];
  if (lines.length === 0) lines.push('No connection is allowed.');
  return wantsExposure ? [...lines, '', ...exposureLines(listing)] : lines;
}

function rowLines(rows: readonly ReachRow[]): string[] {
  return alignColumns(
    rows.map(({ from, to, ports, network }) => [
      plain(from),
      '->',
      plain(to),
      network === undefined ? plain(ports) : `${plain(ports)}  ${dim(`on ${plain(network)}`)}`,
    ]),
  );
}

function namespaceLines(namespaces: ReachListing['namespaces']): string[] {
  if (namespaces.length === 0) return [];
  const rows = [...namespaces]
    .sort((a, b) => b.pairs - a.pairs)
    .map(({ from, to, pairs, of, network }) => [
      plain(from),
      '->',
      plain(to),
      `${pairs.toLocaleString('en-US')} of ${of.toLocaleString('en-US')} pairs${network === undefined ? '' : ` on ${plain(network)}`}`,
    ]);
  return [
    ...alignColumns(rows),
    '',
    'Too many connections to list: by namespace. Ask with --from or --to for each of them.',
  ];
}

function reasonLines({ reasons }: ReachListing): string[] {
  return reasons.flatMap(({ from, to, ports, allowed, because, network }) => [
    `${allowed ? green('allowed') : red('denied')}  ${plain(from)} -> ${plain(to)}  ${plain(ports)}${network === undefined ? '' : `  on ${plain(network)}`}`,
    ...(because.length === 0 ? ['no policy says anything about it'] : because).map((one) => `    ${plain(one)}`),
  ]);
}

function exposureLines({ exposure, unprotected }: ReachListing): string[] {
  const on = (network: string | undefined): string => (network === undefined ? '' : `  on ${plain(network)}`);
  const open = exposure.map(({ workload, direction, peer, ports, network }) => {
    const [from, to] = direction === 'ingress' ? [peer, workload] : [workload, peer];
    return [plain(from), '->', plain(to), `${plain(ports)}${on(network)}`];
  });
  const free = [...Map.groupBy(unprotected, ({ workload, network }) => JSON.stringify([workload, network]))].map(
    ([, sides]) =>
      `${plain(sides[0]!.workload)}  ${sides.map(({ direction }) => direction).join(' and ')}${on(sides[0]!.network)}`,
  );
  return [
    bold('Open to workloads that are not there yet'),
    ...(open.length === 0 ? ['none'] : alignColumns(open)),
    '',
    bold('No policy says anything about'),
    ...(free.length === 0 ? ['none'] : free),
  ];
}
