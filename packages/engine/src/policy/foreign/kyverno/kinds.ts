import { matchesWildcard } from '../wildcard.ts';

/** What a kind as Kyverno writes it stands for; `*` for anything. */
export interface KindSelector {
  group: string;
  version: string;
  kind: string;
  /** Empty where subresources are not meant. */
  subresource: string;
}

const VERSION = /^v\d(?:(?:alpha|beta)\d)?|^\*$/;
const isLower = (text: string): boolean => text !== '*' && text === text.toLowerCase();

const MOST_KEPT = 2_000;
const known = new Map<string, KindSelector>();

/** Reads `Pod`, `v1/Pod`, `apps/v1/Deployment`, `Pod/exec`, `apps/v1/Deployment/scale`, with wildcards anywhere. */
export function parseKind(written: string): KindSelector {
  let selector = known.get(written);
  if (selector === undefined) {
    selector = readKind(written);
    if (known.size >= MOST_KEPT) known.clear();
    known.set(written, selector);
  }
  return selector;
}

function readKind(written: string): KindSelector {
  const parts = written.split('/');
  const last = parts.pop() ?? '';
  const [a = '', b = '', c = '', d = ''] = [...parts, ...last.split('.')];
  switch (parts.length + last.split('.').length) {
    case 1:
      return { group: '*', version: '*', kind: a, subresource: '' };
    case 2:
      if (a === '*' && b === '*') return { group: '*', version: '*', kind: '*', subresource: '*' };
      if (a === '*' && isLower(b)) return { group: '*', version: '*', kind: a, subresource: b };
      if (VERSION.test(a)) return { group: '*', version: a, kind: b, subresource: '' };
      return { group: '*', version: '*', kind: a, subresource: b };
    case 3:
      if (VERSION.test(a) && (isLower(c) || !VERSION.test(b)))
        return { group: '*', version: a, kind: b, subresource: c };
      return { group: a, version: b, kind: c, subresource: '' };
    default:
      return { group: a, version: b, kind: c, subresource: d };
  }
}

/** Whether a kind is about a request. Containers for debugging count as the pod that they are put into. */
export function kindMatches(
  written: string,
  request: { group: string; version: string; kind: string; subresource: string },
): boolean {
  const { group, version, kind, subresource } = parseKind(written);
  const isKind =
    matchesWildcard(group, request.group) &&
    matchesWildcard(version, request.version) &&
    matchesWildcard(kind, request.kind);
  if (!isKind) return false;
  if (matchesWildcard(subresource, request.subresource)) return true;
  return request.kind === 'Pod' && request.subresource === 'ephemeralcontainers';
}

/** Whether one of several kinds is a given one, whatever its group and version. */
export const namesKind = (written: readonly string[] | null | undefined, kind: string): boolean =>
  (written ?? []).some((one) => {
    const selector = parseKind(one);
    return selector.kind === kind && selector.subresource === '';
  });
