import { findingAddress, imageAddress, incidentAddress, workloadAddress } from '../client/addresses.ts';
import { useRoute } from '../client/queries.ts';

/** Something that the search found, and where it opens. */
export interface SearchHit {
  key: string;
  name: string;
  detail: string;
  address: string;
}

/** Hits of each kind that are shown. */
const HITS_PER_KIND = 5;

const PLACES: readonly SearchHit[] = [
  { key: 'inbox', name: 'Inbox', detail: 'What to do first', address: '/' },
  { key: 'incidents', name: 'Incidents', detail: 'What went on', address: '/incidents' },
  { key: 'questions', name: 'Questions', detail: 'Inbox', address: '/questions' },
  { key: 'workloads', name: 'Workloads', detail: 'Inventory', address: '/inventory' },
  { key: 'images', name: 'Images', detail: 'Inventory', address: '/inventory?tab=images' },
  { key: 'behaviour', name: 'Behaviour', detail: 'Inventory', address: '/inventory?tab=behaviour' },
  { key: 'map', name: 'Map', detail: 'Who reaches whom', address: '/map' },
  { key: 'policies', name: 'Policies', detail: 'What must hold', address: '/policies' },
  { key: 'admission', name: 'Admission', detail: 'Policies', address: '/policies/admission' },
  { key: 'settings', name: 'Settings', detail: 'Advisories, theme', address: '/settings' },
];

/** Looks in workloads, images, findings and incidents at once; places of the console answer at any time. */
export function useSearchHits(words: string): { hits: SearchHit[]; isLooking: boolean } {
  const input = { query: { search: words, limit: HITS_PER_KIND } };
  const asked = words !== '';
  const workloads = useRoute('/api/workloads', input, asked);
  const images = useRoute('/api/images', input, asked);
  const findings = useRoute('/api/findings', input, asked);
  const incidents = useRoute('/api/incidents', input, asked);
  const places = PLACES.filter(({ name }) => name.toLowerCase().includes(words.toLowerCase()));
  if (!asked) return { hits: places, isLooking: false };
  const hits: SearchHit[] = [
    ...(workloads.data?.items ?? []).map(({ id, namespace, name, kind }) => ({
      key: `workload ${id}`,
      name: `${namespace} / ${name}`,
      detail: kind,
      address: workloadAddress(id),
    })),
    ...(images.data?.items ?? []).map(({ id, references, target }) => ({
      key: `image ${id}`,
      name: references[0] ?? target,
      detail: 'Image',
      address: imageAddress(id),
    })),
    ...(findings.data?.items ?? []).map(({ key, title, subject }) => ({
      key: `finding ${key}`,
      name: title,
      detail: subject,
      address: findingAddress(key),
    })),
    ...(incidents.data?.items ?? []).map(({ id, title, status }) => ({
      key: `incident ${id}`,
      name: title,
      detail: status === 'open' ? 'Open incident' : 'Incident',
      address: incidentAddress(id),
    })),
    ...places,
  ];
  const total = workloads.data?.total ?? 0;
  if (total > HITS_PER_KIND) {
    const address = `/inventory?search=${encodeURIComponent(words)}`;
    hits.push({ key: 'all', name: `All ${total} workloads with “${words}”`, detail: 'Inventory', address });
  }
  return { hits, isLooking: workloads.isFetching || images.isFetching || findings.isFetching };
}
