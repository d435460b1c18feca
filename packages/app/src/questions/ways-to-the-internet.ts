import { serviceNamed } from '@breakwater/engine/network';
import type { Exposure, ManifestObject, QuestionEvidence, QuestionGap, Workload } from '@breakwater/model';
import { isObject } from '@breakwater/model';
import { isAboutNetwork } from './network-unknowns.ts';
import { countOf, listSome, nameOf, nameOfId, spellPaths } from './phrases.ts';
import type { Question, QuestionBasis } from './question.ts';
import { type WayOut, waysOut } from './ways-out.ts';

/** How many ways can workloads talk to the Internet? */
export const waysToTheInternet: Question = {
  id: 'ways-to-the-internet',
  question: 'How many ways can workloads talk to the Internet?',
  answer(basis) {
    const { assessment } = basis;
    const { facts } = basis.gathered;
    const out = [...Map.groupBy(facts.workloads, ({ cluster }) => cluster)].flatMap(([cluster, own]) =>
      outOf(cluster, own, basis),
    );
    const named = withoutRepeats(facts.objects.filter(isNamedDestination));
    const inward = waysIn(facts.reachability.exposures, 'internet');
    const leaving = new Set(out.flatMap(({ workloads }) => workloads.map(({ id }) => id)));
    const anywhere = new Set(
      out.filter((way) => way.anywhere).flatMap(({ workloads }) => workloads.map(({ id }) => id)),
    );
    const entered = new Set(inward.flatMap(({ workloads }) => workloads));
    const outward = out.length + named.length;
    const total = facts.workloads.length;
    const paths = spellPaths(assessment.paths);
    const near = waysIn(facts.reachability.exposures, 'network');
    return {
      number: {
        value: outward + inward.length,
        words: `${outward + inward.length === 1 ? 'way' : 'ways'}, ${outward} out and ${inward.length} in`,
      },
      known: assessment.ranking.unknowns.some(isAboutNetwork) ? 'part' : 'whole',
      sentence: `${outwardWords(leaving.size, anywhere.size, total)}; ${inwardWords(inward.length, entered.size)}${nearWords(near.length)}.`,
      parts: [
        { label: 'out, for groups of workloads', count: out.length },
        { label: 'out, by a name that stands for one outside', count: named.length },
        { label: 'in', count: inward.length },
      ],
      evidence: [
        ...out.map((way) => evidenceOut(way, paths)),
        ...inward.map((way) => evidenceIn(way, 'The Internet')),
        ...named.map(
          (object): QuestionEvidence => ({
            sentence: `${object.kind} ${nameOf(object)} stands for ${namesOutside(object)}.`,
            places: [object.place],
          }),
        ),
        ...near.map((way) => evidenceIn(way, 'The network around the nodes')),
      ],
      gaps: gapsOf(basis),
      next: `breakwater reach ${paths} --to outside`,
    };
  },
};

function outwardWords(leaving: number, anywhere: number, total: number): string {
  if (total === 0) return 'No workload is known';
  if (leaving === 0) return 'No workload may open connections to the Internet';
  const who =
    leaving === total
      ? total === 1
        ? 'The only workload'
        : `All ${total} workloads`
      : `${leaving} of ${countOf(total, 'workload')}`;
  const where =
    anywhere === 0
      ? 'to named ranges alone'
      : anywhere === leaving
        ? 'to any address'
        : `${anywhere} of them to any address`;
  return `${who} may open connections to the Internet, ${where}`;
}

function inwardWords(ways: number, workloads: number): string {
  if (ways === 0) return 'no way leads in';
  return `${countOf(ways, 'way')} ${ways === 1 ? 'leads' : 'lead'} in, to ${countOf(workloads, 'workload')}`;
}

const nearWords = (ways: number): string =>
  ways === 0 ? '' : `, and ${ways} more from the network around the nodes alone`;

/** Where networks decide instead of policies, those that reach the Internet are one way. */
function outOf(cluster: string, workloads: Workload[], { gathered: { facts } }: QuestionBasis): WayOut[] {
  if (!workloads.some(({ networks }) => networks !== undefined)) {
    const own = facts.objects.filter((object) => object.cluster === cluster);
    return waysOut(cluster, own, workloads);
  }
  const open = new Set(facts.reachability.egressToInternet);
  const leaving = workloads.filter(({ id }) => open.has(id));
  if (leaving.length === 0) return [];
  return [
    {
      workloads: leaving,
      destinations: 'any address',
      anywhere: true,
      ports: 'every port',
      reason: 'their networks are not internal',
      places: [],
    },
  ];
}

/** A door from the Internet, with the workloads behind it. */
interface WayIn {
  phrase: string;
  workloads: string[];
  places: Exposure['places'];
}

function waysIn(exposures: readonly Exposure[], from: Exposure['from']): WayIn[] {
  const doors = Map.groupBy(
    exposures.filter((exposure) => exposure.from === from),
    ({ workload, through, via }) => JSON.stringify([workload.split('/').slice(0, -2), through, via]),
  );
  return [...doors.values()].map((own) => ({
    phrase: own[0]!.phrase,
    workloads: [...new Set(own.map(({ workload }) => workload))],
    places: own[0]!.places,
  }));
}

function evidenceOut({ workloads, destinations, ports, reason, places }: WayOut, paths: string): QuestionEvidence {
  const names = [...new Set(workloads.map(nameOf))];
  const [only] = workloads;
  return {
    sentence: `${listSome(names, 4)} may reach ${destinations} on ${ports}: ${reason}.`,
    ...(workloads.length === 1 && only !== undefined ? { about: { kind: 'workload' as const, id: only.id } } : {}),
    command: `breakwater reach ${paths} --from ${names[0]} --to outside`,
    places,
  };
}

function evidenceIn({ phrase, workloads, places }: WayIn, who: string): QuestionEvidence {
  const [only] = workloads;
  return {
    sentence: `${who} reaches ${listSome(workloads.map(nameOfId), 4)} ${phrase}.`,
    ...(workloads.length === 1 && only !== undefined ? { about: { kind: 'workload' as const, id: only } } : {}),
    command: `breakwater explain ${nameOfId(workloads[0] ?? '')}`,
    places,
  };
}

function isNamedDestination({ kind, apiVersion, object }: ManifestObject): boolean {
  if (kind === 'ServiceEntry') return apiVersion.startsWith('networking.istio.io/');
  const spec = object['spec'];
  if (kind !== 'Service' || apiVersion !== 'v1' || !isObject(spec) || spec['type'] !== 'ExternalName') return false;
  const name = spec['externalName'];
  return typeof name === 'string' && serviceNamed(name) === undefined;
}

/** What several files define alike is there once. */
function withoutRepeats(objects: ManifestObject[]): ManifestObject[] {
  return [
    ...new Map(
      objects.map((object) => [`${object.cluster}/${object.kind}/${nameOf(object)} ${namesOutside(object)}`, object]),
    ).values(),
  ];
}

function namesOutside({ object }: ManifestObject): string {
  const spec = isObject(object['spec']) ? object['spec'] : {};
  const hosts = Array.isArray(spec['hosts']) ? spec['hosts'] : [spec['externalName']];
  return listSome(hosts.filter((host) => typeof host === 'string'));
}

function gapsOf({ assessment, gathered: { clusters } }: QuestionBasis): QuestionGap[] {
  const open = assessment.ranking.unknowns.filter(isAboutNetwork);
  const gaps: QuestionGap[] = [
    {
      sentence:
        'Firewalls, proxies and routes outside of the clusters are not known, nor whether the network plug-in honours policies.',
    },
  ];
  if (open.length > 0)
    gaps.unshift({
      sentence: `${countOf(open.length, 'fact')} about the network could not be had: ${open[0]!.message}`,
      hint: 'breakwater explain unknown',
    });
  const unread = clusters.flatMap(({ unread: kinds }) =>
    kinds.filter((kind) => /NetworkPolicy|Service|Ingress|Gateway|Route/.test(kind)),
  );
  if (unread.length > 0)
    gaps.unshift({ sentence: `${listSome([...new Set(unread)])} may not be read in the cluster.` });
  return gaps;
}
