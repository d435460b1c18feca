import type { EstateMap, FindingPage, ImagePage, IncidentPage, ProfilePage, WorkloadPage } from '@breakwater/model';
import { inject } from 'vitest';

/** Asks the API as the console does. */
export async function ask<Answer>(path: string): Promise<Answer> {
  const answer = await fetch(`${inject('address')}${path}`, { headers: { cookie: inject('session') } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as Answer;
}

interface Ids {
  workload: string;
  finding: string;
  image: string;
  /** A group of workloads, and a way of attackers, on the map. */
  box: string;
  link: string;
  /** An incident, whose behaviour is known, and workloads whose behaviour is known and not known. */
  incident: string;
  subject: string;
  observed: string;
  unseen: string;
}

/** Every page of the console and everything that floats, by name: its path on the estate that is served. */
export const EVERY_PAGE: Record<string, (ids: Ids) => string> = {
  'the inbox': () => '/',
  'an inbox filtered to nothing': () => '/?search=nothing-is-called-this',
  'why the rest do not matter': () => '/?show=quiet',
  'what could not be decided': () => '/?show=unknown',
  'a fix in the drawer': () => '/?fix=1',
  'a fix': () => '/fixes/1',
  'a workload': ({ workload }) => `/workloads/${workload}`,
  'the findings of a workload': ({ workload }) => `/workloads/${workload}?tab=findings`,
  'the network of a workload': ({ workload }) => `/workloads/${workload}?tab=network`,
  'the image of a workload': ({ workload }) => `/workloads/${workload}?tab=image`,
  'a finding in the drawer': ({ workload, finding }) => `/workloads/${workload}?tab=findings&finding=${finding}`,
  'a finding': ({ finding }) => `/findings/${finding}`,
  workloads: () => '/inventory',
  images: () => '/inventory?tab=images',
  registries: () => '/inventory?tab=registries',
  clusters: () => '/inventory?tab=clusters',
  'tags filtered to nothing': () => '/inventory?tab=registries&tags=gone',
  'an image': ({ image }) => `/images/${image}`,
  questions: () => '/questions',
  'a question in the drawer': () => '/questions?question=5',
  'no question': () => '/questions?question=99',
  'the map': () => '/map',
  'all that is allowed on the map': () => '/map?map=allowed',
  'the map of one namespace': () => '/map?map=allowed&namespace=shop',
  'the map of nothing': () => '/map?namespace=nowhere',
  'a group of the map in the drawer': ({ box }) => `/map?box=${box}`,
  'a way on the map in the drawer': ({ link }) => `/map?link=${link}`,
  incidents: () => '/incidents',
  'incidents filtered to nothing': () => '/incidents?status=closed&search=nothing-is-called-this',
  'an incident': ({ incident }) => `/incidents/${incident}`,
  'no incident': () => '/incidents/none',
  'profiles of behaviour': () => '/inventory?tab=behaviour',
  'a profile of behaviour': ({ subject }) => `/behaviour/${subject}`,
  'no profile of behaviour': () => '/behaviour/nobody',
  'the behaviour of a workload': ({ observed }) => `/workloads/${observed}?tab=behaviour`,
  'the behaviour of a workload that nobody sees': ({ unseen }) => `/workloads/${unseen}?tab=behaviour`,
  'two releases': ({ subject }) => `/releases/${subject}`,
  'no two releases': ({ subject }) => `/releases/${subject}?from=gone`,
  admission: () => '/policies/admission',
  'decisions filtered to nothing': () => '/policies/admission?outcome=warned',
  'admission, as denials name it': () => '/admission',
  policies: () => '/policies',
  'a policy in the drawer': () => '/policies?policy=no-privileged-containers',
  settings: () => '/settings',
  'no page': () => '/nowhere',
  'no workload': () => '/workloads/gone',
};

/** Ids of the riskiest workload, the first finding, the first image and of what is on the map, encoded for an address. */
export async function firstIds(): Promise<Ids> {
  const [{ items: workloads }, { items: images }, { items: findings }, map, incidents, profiles] = await Promise.all([
    ask<WorkloadPage>('/api/workloads'),
    ask<ImagePage>('/api/images'),
    ask<FindingPage>('/api/findings'),
    ask<EstateMap>('/api/map'),
    ask<IncidentPage>('/api/incidents'),
    ask<ProfilePage>('/api/profiles'),
  ]);
  const subject = profiles.items[0]?.subject ?? '';
  const isObserved = ({ id }: { id: string }) => id.endsWith(`/${subject}`);
  return {
    workload: encodeURIComponent(workloads[0]?.id ?? ''),
    finding: encodeURIComponent(findings[0]?.key ?? ''),
    image: encodeURIComponent(images[0]?.id ?? ''),
    box: encodeURIComponent(map.boxes.find(({ kind }) => kind === 'workloads')?.id ?? ''),
    link: encodeURIComponent(map.links.find(({ kind }) => kind === 'attack')?.id ?? ''),
    incident: encodeURIComponent(incidents.items[0]?.id ?? ''),
    subject: encodeURIComponent(subject),
    observed: encodeURIComponent(workloads.find(isObserved)?.id ?? ''),
    unseen: encodeURIComponent(workloads.find((one) => !isObserved(one))?.id ?? ''),
  };
}
