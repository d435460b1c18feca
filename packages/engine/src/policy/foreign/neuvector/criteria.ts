import type { NeuvectorCriterion } from '@breakwater/model/foreign';

import { type Answer, anyOf } from '../three-valued.ts';
import { holdsSecret } from './environment-secrets.ts';
import { meetsImage, meetsRegistry } from './images.ts';
import { amountOf, type JudgedContainer } from './judged-container.ts';
import { type JudgedObject, joinEntries } from './judged-object.ts';
import { meetsEntries, meetsNumber, meetsSet } from './operators.ts';
import { hasRiskyRole } from './risky-roles.ts';
import { claimClasses } from './storage-classes.ts';
import { COUNTS, meetsCount, meetsNames, meetsScore, meetsScoreCount } from './vulnerability-criteria.ts';

/** Everything that a criterion is held against. */
export interface Held {
  judged: JudgedObject;
  container: JudgedContainer;
  /** Labels and annotations of the object alone count, and not those of the pods that it makes. */
  ownLabelsOnly: boolean;
  /** Whether the pod violates a level of the Pod Security Standards. */
  violates(level: string): Answer;
}

type Meets = (criterion: NeuvectorCriterion, held: Held) => Answer;

/** A fact that is true or false, or not known. */
const truth =
  (read: (held: Held) => Answer): Meets =>
  (criterion, held) => {
    const found = read(held);
    return found === undefined ? undefined : meetsSet(criterion, [String(found)]);
  };

const texts =
  (read: (held: Held) => readonly string[] | undefined): Meets =>
  (criterion, held) => {
    const found = read(held);
    return found === undefined ? undefined : meetsSet(criterion, found);
  };

/** What the vulnerabilities of the container's image say; not known where it was not looked at. */
const ofVulnerabilities =
  (
    meets: (criterion: NeuvectorCriterion, found: NonNullable<JudgedObject['vulnerabilities']>, held: Held) => Answer,
  ): Meets =>
  (criterion, held) => {
    const { vulnerabilities } = held.judged;
    if (vulnerabilities === undefined) return undefined;
    const { image } = held.container;
    return meets(
      criterion,
      vulnerabilities.filter((one) => one.image === undefined || isOf(one.image, image)),
      held,
    );
  };

/** A reference may carry a digest beside the tag by which the image was looked at. */
const isOf = (known: string, image: string): boolean => known === image || known.split('@')[0] === image.split('@')[0];

const pspViolations = ({ container }: Held): Answer[] => [
  container.privileged,
  container.isRoot,
  container.allowsEscalation,
  container.host.ipc,
  container.host.network,
  container.host.pid,
];

/** NeuVector's criteria by name, except those on paths of one's own. */
export const CRITERIA: Readonly<Record<string, Meets>> = {
  user: texts(({ judged }) => (judged.user === undefined ? undefined : [judged.user])),
  userGroups: texts(({ judged }) => judged.groups),
  namespace: texts(({ judged }) => [judged.namespace || 'default']),
  labels: (criterion, { judged, ownLabelsOnly }) => {
    const { own, ofPods } = judged.labels;
    return meetsEntries(criterion, joinEntries(own, ownLabelsOnly ? {} : ofPods, judged.image?.labels ?? {}));
  },
  annotations: (criterion, { judged, ownLabelsOnly }) => {
    const { own, ofPods } = judged.annotations;
    return meetsEntries(criterion, joinEntries(own, ownLabelsOnly ? {} : ofPods));
  },
  image: (criterion, { container }) => meetsImage(criterion, container.image),
  imageRegistry: (criterion, { container }) => meetsRegistry(criterion, container.image),
  envVars: (criterion, { judged, container }) => {
    const ofImage = Object.fromEntries((judged.image?.environment ?? []).map((name) => [name, '']));
    return meetsEntries(criterion, joinEntries({ ...ofImage, ...container.environment }));
  },
  envVarSecrets: truth(({ container }) =>
    Object.entries(container.environment).some(([name, value]) => holdsSecret(name, value)),
  ),
  mountVolumes: texts(({ container }) => container.hostPaths),
  runAsPrivileged: truth(({ container }) => container.privileged),
  runAsRoot: truth(({ container }) => container.isRoot),
  allowPrivEscalation: truth(({ container }) => container.allowsEscalation),
  sharePidWithHost: truth(({ container }) => container.host.pid),
  shareIpcWithHost: truth(({ container }) => container.host.ipc),
  shareNetWithHost: truth(({ container }) => container.host.network),
  pspCompliance: (criterion, held) =>
    anyOf(pspViolations(held), (found) =>
      found === undefined ? undefined : meetsSet({ ...criterion, op: '=' }, [String(found)]),
    ),
  resourceLimit: (criterion, { container }) =>
    anyOf(criterion.sub_criteria ?? [], ({ name, op, value }) => {
      const found = container.resources[name];
      const wanted = amountOf(value);
      return found !== undefined && wanted !== undefined && meetsNumber(op, found, wanted);
    }),
  storageClassName: (criterion, { judged }) =>
    anyOf(claimClasses(judged), (name) => (name === undefined ? undefined : meetsSet(criterion, [name]))),
  saBindRiskyRole: (criterion, { judged }) => hasRiskyRole(criterion.value, judged),
  hasPssViolation: (criterion, held) => held.violates(criterion.value.trim().toLowerCase()),
  imageScanned: truth(({ judged }) => judged.vulnerabilities !== undefined),
  imageNoOS: truth(({ judged }) => (judged.image === undefined ? undefined : !judged.image.hasSystem)),
  modules: () => undefined,
  imageSigned: () => undefined,
  imageVerifiers: () => undefined,
  imageCompliance: () => undefined,
  cveNames: ofVulnerabilities(meetsNames),
  cveScore: ofVulnerabilities(meetsScore),
  cveScoreCount: ofVulnerabilities(meetsScoreCount),
  ...Object.fromEntries(
    Object.entries(COUNTS).map(([name, counted]) => [
      name,
      ofVulnerabilities((criterion, found, { judged }) => meetsCount(criterion, counted, found, judged.now)),
    ]),
  ),
};

/** Criteria that an object without pods is held against too: claims for storage. */
export const OF_CLAIMS: ReadonlySet<string> = new Set(['namespace', 'storageClassName']);

/** Criteria that containers which start or debug others are held against. */
export const OF_ALL_CONTAINERS: ReadonlySet<string> = new Set(['hasPssViolation']);
