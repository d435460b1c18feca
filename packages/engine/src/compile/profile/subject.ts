import { type BehaviourProfile, type JsonObject, workloadOfSubject } from '@breakwater/model';
import type { ConfineOptions, ProfileGap } from '../compile-target.ts';

/** Whose pods a document is for. */
export interface Subject {
  /** A name for documents, of letters that Kubernetes takes. */
  name: string;
  namespace: string;
  kind: string;
  /** Name of the workload itself. */
  workload: string;
  selector: Readonly<Record<string, string>>;
}

const LONGEST_NAME = 63;

/** Reads the workload that the subject names, or takes what the workload at hand says; the rest of an image's profile has to be told. */
export function subjectOf(profile: BehaviourProfile, { selector, namespace, workload }: ConfineOptions): Subject {
  const image = { namespace: '', kind: '', name: profile.subject.split('/').at(-1) ?? '' };
  const { namespace: own, kind, name } = workloadOfSubject(profile.subject) ?? image;
  return {
    name: documentName(workload?.name ?? name, profile.container),
    namespace: namespace ?? workload?.namespace ?? (own === '' ? 'default' : own),
    kind: workload?.kind ?? kind,
    workload: workload?.name ?? name,
    selector: selector ?? workload?.podLabels ?? {},
  };
}

function documentName(name: string, container: string | undefined): string {
  const text = [name, ...(container === undefined || container === name ? [] : [container])].join('-');
  const clean = text.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  return clean.slice(0, LONGEST_NAME).replace(/^-+|-+$/g, '') || 'profile';
}

/** Metadata of a document, which `kubectl` finds again by its label. */
export function metadataOf({ name, namespace }: Subject, profile: BehaviourProfile): JsonObject {
  return {
    name,
    namespace,
    labels: { 'app.kubernetes.io/managed-by': 'breakwater' },
    annotations: { 'breakwater/profile': `${profile.origin}: ${profile.subject}` },
  };
}

/** Why nothing can be compiled that selects pods; undefined where their labels are known. */
export function withoutSelector({ selector }: Subject): ProfileGap | undefined {
  if (Object.keys(selector).length > 0) return undefined;
  return { message: 'Which pods it is for is not known: give their manifest, or their labels.' };
}

/** What is said of every profile: of what it does not hold, nothing follows. */
export function gapsOfProfile(
  profile: BehaviourProfile,
  dimensions: readonly (typeof profile.dimensions)[number][],
): ProfileGap[] {
  const gaps: ProfileGap[] = dimensions
    .filter((dimension) => !profile.dimensions.includes(dimension))
    .map((dimension) => ({
      dimension,
      message: `The profile does not tell of ${NAMES[dimension]}: nothing restricts it.`,
    }));
  if (profile.partial) {
    gaps.push({ message: 'The recording has gaps: what is missing in it may have happened, and would be refused.' });
  }
  return gaps;
}

const NAMES: Readonly<Record<BehaviourProfile['dimensions'][number], string>> = {
  exec: 'which programs start',
  open: 'which files are opened',
  connect: 'where it connects',
  listen: 'where it listens',
  capability: 'which capabilities it uses',
  syscall: 'which system calls it makes',
  privilege: 'whether it changes its privileges',
};

/** What becomes of programs that no path stands for; where there are no others, nothing can be said of programs. */
export function withoutPath(count: number, others: number): ProfileGap {
  const named = count === 1 ? 'One program of the profile has' : `${count} programs of the profile have`;
  const what = others > 0 ? 'would be refused' : 'there is no other: programs are not restricted';
  return { dimension: 'exec', message: `${named} no steady path, and ${what}.` };
}

/** Distinct objects of one kind of behaviour, sorted. */
export const objectsOf = (profile: BehaviourProfile, dimension: (typeof profile.dimensions)[number]): string[] =>
  [...new Set(profile.behaviours.flatMap((one) => (one.dimension === dimension ? one.object : [])))].sort();
