import { digest } from '@breakwater/engine/network';
import type { EstateMap, Exposure, MapBox, MapLink, RankedWorkload, ReachGroup } from '@breakwater/model';
import type { JudgedEstate } from '../questions/judged-estate.ts';
import { isAboutNetwork } from '../questions/network-unknowns.ts';
import { countOf, listSome } from '../questions/phrases.ts';
import { waysOut } from '../questions/ways-out.ts';
import { attackLinks } from './attack-links.ts';
import { groupWorkloads, type WorkloadGroup } from './group-workloads.ts';
import { measureDistances } from './measure-distances.ts';

/** Links that a map lists; those beyond are counted. */
const MOST_LINKS = 3_000;

type BoxOf = (workload: string) => string | undefined;

/** Who can reach whom and where attackers would go, in groups: a function of what was judged. */
export function mapEstate({ gathered, assessment, graph }: JudgedEstate): EstateMap {
  const { facts } = gathered;
  const { reachability } = facts;
  const groups = groupWorkloads(facts.workloads, reachability);
  const byWorkload = new Map(groups.flatMap(({ id, members }) => members.map((member) => [member.id, id] as const)));
  const boxOf: BoxOf = (workload) => byWorkload.get(workload);
  const ranked = new Map(assessment.ranking.workloads.map((entry) => [entry.id, entry]));
  const attacks = attackLinks(graph(), assessment.ranking.workloads, boxOf);
  const links = [
    ...attacks.links,
    ...entryLinks(reachability.exposures, boxOf),
    ...exitLinks(gathered, boxOf),
    ...reachability.groups.flatMap((group) => reachLink(group, boxOf)),
  ];
  const boxes = withoutRepeats([
    ...originsOf(reachability.exposures),
    ...groups.map((group) => groupBox(group, ranked, reachability)),
    ...attacks.boxes,
    ...(links.some(({ kind }) => kind === 'exit') ? [OUTSIDE] : []),
  ]);
  const distances = measureDistances(
    boxes,
    links.filter(({ kind }) => kind === 'entry' || kind === 'reach'),
  );
  const onAttacks = measureDistances(boxes, attacks.links);
  return {
    time: assessment.time,
    boxes: boxes.map((box) => {
      const [distance, attackDistance] = [distances.get(box.id), onAttacks.get(box.id)];
      return {
        ...box,
        ...(distance === undefined ? {} : { distance }),
        ...(attackDistance === undefined ? {} : { attackDistance }),
      };
    }),
    links: links.slice(0, MOST_LINKS),
    more: Math.max(0, links.length - MOST_LINKS),
    notKnown: gapsOf(gathered, assessment),
  };
}

const OUTSIDE: MapBox = {
  id: 'outside',
  kind: 'outside',
  label: 'Addresses of the Internet',
  cluster: '',
  namespace: '',
  points: 0,
  workloads: [],
  notes: [],
};

function originsOf(exposures: readonly Exposure[]): MapBox[] {
  const origin = (id: string, label: string): MapBox => ({ ...OUTSIDE, id, kind: 'origin', label });
  const near = exposures.some(({ from }) => from === 'network');
  return [origin('internet', 'Internet'), ...(near ? [origin('network', 'Network of the nodes')] : [])];
}

function groupBox(
  { id, cluster, namespace, members }: WorkloadGroup,
  ranked: ReadonlyMap<string, RankedWorkload>,
  { exposures, egressToInternet }: JudgedEstate['gathered']['facts']['reachability'],
): MapBox {
  const workloads = members
    .map(({ id: workload, kind, name }) => ({ id: workload, kind, name, loss: ranked.get(workload)?.loss ?? 0 }))
    .sort((a, b) => b.loss - a.loss || (a.id < b.id ? -1 : 1));
  const own = new Set(members.map((member) => member.id));
  const phrases = [...new Set(exposures.filter(({ workload }) => own.has(workload)).map(({ phrase }) => phrase))];
  return {
    id,
    kind: 'workloads',
    label: listSome(
      workloads.map(({ name }) => name),
      2,
    ),
    cluster,
    namespace,
    points: workloads[0]?.loss ?? 0,
    workloads,
    notes: [
      ...(phrases.length > 0 ? [`Reachable from outside ${listSome(phrases)}.`] : []),
      ...(egressToInternet.some((workload) => own.has(workload)) ? ['May open connections to the Internet.'] : []),
    ],
  };
}

/** One link for each door, to all that stand behind it. */
function entryLinks(exposures: readonly Exposure[], boxOf: BoxOf): MapLink[] {
  const doors = Map.groupBy(exposures, ({ workload, from, through, via }) =>
    JSON.stringify([workload.split('/').slice(0, -2), from, through, via]),
  );
  return [...doors].flatMap(([key, own]): MapLink[] => {
    const [{ from, phrase, places }] = own as [Exposure, ...Exposure[]];
    const to = [...new Set(own.flatMap(({ workload }) => boxOf(workload) ?? []))];
    if (to.length === 0) return [];
    const ports = [...new Set(own.map(({ port, protocol }) => (port === 0 ? 'every port' : `${protocol} ${port}`)))];
    const reason = `To ${listSome(ports)}; no policy closes it.`;
    return [{ id: `e-${digest(key)}`, kind: 'entry', from: [from], to, phrase, reason, places }];
  });
}

function exitLinks({ facts }: JudgedEstate['gathered'], boxOf: BoxOf): MapLink[] {
  return [...Map.groupBy(facts.workloads, ({ cluster }) => cluster)].flatMap(([cluster, own]) => {
    if (own.some(({ networks }) => networks !== undefined)) return [];
    const objects = facts.objects.filter((object) => object.cluster === cluster);
    return waysOut(cluster, objects, own).map(({ workloads, destinations, ports, reason, places }): MapLink => {
      const from = [...new Set(workloads.flatMap(({ id }) => boxOf(id) ?? []))];
      const phrase = `to ${destinations} on ${ports}`;
      const id = `x-${digest(`${cluster} ${phrase} ${reason} ${from.join()}`)}`;
      return {
        id,
        kind: 'exit',
        from,
        to: ['outside'],
        phrase,
        reason: `${reason.replace(/^./, (a) => a.toUpperCase())}.`,
        places,
      };
    });
  });
}

function reachLink({ id, from, to, ports, reason, places }: ReachGroup, boxOf: BoxOf): MapLink[] {
  const ends = (list: readonly string[]) => [...new Set(list.flatMap((workload) => boxOf(workload) ?? []))];
  const [sources, targets] = [ends(from), ends(to)];
  if (sources.length === 0 || targets.length === 0) return [];
  const phrase = ports.length === 0 ? 'on every port' : `on ${listSome(ports.map(spellPort), 4)}`;
  return [{ id: `r-${digest(id)}`, kind: 'reach', from: sources, to: targets, phrase, reason, places }];
}

function spellPort({ protocol, from, to }: ReachGroup['ports'][number]): string {
  return `${protocol} ${from === to ? from : `${from}-${to}`}`;
}

/** A box that several made is there once. */
function withoutRepeats(boxes: readonly MapBox[]): MapBox[] {
  return [...new Map(boxes.toReversed().map((box) => [box.id, box])).values()].reverse();
}

function gapsOf({ facts }: JudgedEstate['gathered'], { ranking }: JudgedEstate['assessment']): string[] {
  const open = ranking.unknowns.filter(isAboutNetwork);
  return [
    ...(open.length > 0
      ? [`${countOf(open.length, 'fact')} about the network could not be had: ${open[0]!.message}`]
      : []),
    ...(facts.workloads.length > 0 ? ['Which of these connections are used was not observed.'] : []),
  ];
}
