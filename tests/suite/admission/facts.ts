import type { Authorization, AuthorizationAnswer } from '@breakwater/engine/policy';
import type { JsonObject } from '@breakwater/model';

type Fields = Readonly<Record<string, unknown>>;

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What a scan found, in the shape of our fact. */
interface Found {
  id: string;
  aliases: string[];
  component: string;
  version: string;
  purl: string;
  severity: string;
  score?: number;
  fixedVersion?: string;
  knownExploited: boolean;
  ransomware: boolean;
  epss: number;
  evidence: string;
}

/** Vulnerabilities of the images; undefined where no report was found. */
export function vulnerabilitiesOf(facts: readonly JsonObject[]): Found[] | undefined {
  const reports = facts.filter(
    ({ fact, reply }) => fact === 'vulnerabilities' || list(fields(reply)['items']).some(isReport),
  );
  if (reports.length === 0) return undefined;
  return reports.flatMap((report) => list(report['vulnerabilities']).map(foundOf));
}

const isReport = (item: unknown): boolean => fields(item)['kind'] === 'VulnerabilityReport';

function foundOf(value: unknown): Found {
  const { cve, package: component, version, severity, cvss, fixed } = fields(value);
  const [fixedVersion] = list(fixed);
  return {
    id: text(cve),
    aliases: [],
    component: text(component),
    version: text(version),
    purl: '',
    severity: text(severity).toLowerCase(),
    ...(typeof cvss === 'number' ? { score: cvss } : {}),
    ...(typeof fixedVersion === 'string' ? { fixedVersion } : {}),
    knownExploited: false,
    ransomware: false,
    epss: 0,
    evidence: 'cannot-tell',
  };
}

/** The object, however deep in a fact, that has a field. */
function holderOf(value: unknown, name: string): Fields | undefined {
  const holder = fields(value);
  if (holder[name] !== undefined) return holder;
  for (const inner of Object.values(holder)) {
    const found = holderOf(inner, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What the API server answered when it was asked what an account may do. */
export function answersOf(facts: readonly JsonObject[]): (asked: Authorization) => AuthorizationAnswer | undefined {
  const answers = new Map<string, boolean>();
  for (const fact of facts) {
    const attributes = holderOf(fact, 'resource');
    const allowed = holderOf(fact, 'allowed')?.['allowed'];
    if (attributes === undefined || typeof allowed !== 'boolean') continue;
    const resource = [text(attributes['resource']), text(attributes['subresource'])].filter(Boolean).join('/');
    const user = text(holderOf(fact, 'user')?.['user']);
    answers.set([user, text(attributes['group']), resource, text(attributes['verb'])].join(' '), allowed);
  }
  return ({ user = '', group = '', resource = '', subresource, verb }) => {
    const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
    const allowed = answers.get([user, group, whole, verb].join(' '));
    return allowed === undefined ? undefined : { allowed };
  };
}
