import type { JsonObject, Operation } from '@breakwater/model';

/** A group, version and kind (or resource), as AdmissionReview names them. */
export interface GroupVersion {
  group: string;
  version: string;
}

/** Who asks. */
export interface UserInfo {
  username: string;
  uid?: string;
  groups: string[];
  extra?: Record<string, string[]>;
}

/** The request of an AdmissionReview of `admission.k8s.io/v1`. What is not needed is kept as it came. */
export interface AdmissionRequest {
  uid: string;
  kind: GroupVersion & { kind: string };
  resource: GroupVersion & { resource: string };
  subResource: string;
  /** Empty where it is generated or there is none. */
  name: string;
  /** Empty outside of namespaces. */
  namespace: string;
  operation: Operation;
  userInfo: UserInfo;
  /** Null for DELETE. */
  object: JsonObject | null;
  /** Null for CREATE and CONNECT. */
  oldObject: JsonObject | null;
  dryRun: boolean;
  /** The request as the variable `request` shows it: without uid and objects. */
  shown: Record<string, unknown>;
}

/** A body that is no AdmissionReview that can be answered. */
export interface ReviewFault {
  fault: string;
  /** Where the request could be told from others all the same. */
  uid?: string;
}

type Fields = Record<string, unknown>;

const OPERATIONS: ReadonlySet<unknown> = new Set<Operation>(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']);
const MAX_UID = 128;
const MAX_GROUPS = 10_000;
/** Kubernetes takes no longer names of kinds, resources and namespaces; those of objects follow its rules for paths. */
const LONGEST_NAME = 253;
const LONGEST_OBJECT_NAME = 1_024;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Reads an AdmissionReview. Written by hand, for it stands before every request: each field that is used is of the type
 * it says afterwards. Never throws.
 */
export function readReview(body: string): AdmissionRequest | ReviewFault {
  let review: unknown;
  try {
    review = JSON.parse(body);
  } catch {
    return { fault: 'the body is no JSON' };
  }
  if (!isRecord(review)) return { fault: 'the body is no AdmissionReview' };
  const { request } = review;
  if (!isRecord(request)) return { fault: 'the AdmissionReview has no request' };
  const uid = text(request['uid']);
  if (uid === '' || uid.length > MAX_UID) return { fault: 'the request has no uid' };
  if (review['kind'] !== 'AdmissionReview' || review['apiVersion'] !== 'admission.k8s.io/v1') {
    return { fault: 'only AdmissionReview of admission.k8s.io/v1 is answered', uid };
  }
  const fault = faultOf(request);
  return fault === undefined ? requestOf(request, uid) : { fault, uid };
}

/** What keeps a request from being judged. */
function faultOf(request: Fields): string | undefined {
  if (!OPERATIONS.has(request['operation'])) return 'the request has no operation that is known';
  if (text((request['kind'] as Fields | undefined)?.['kind']) === '') return 'the request names no kind';
  if (text((request['resource'] as Fields | undefined)?.['resource']) === '') return 'the request names no resource';
  if (!isRecord(request['userInfo'])) return 'the request does not say who asks';
  if (isTooLong(request)) return 'the request has a name that is longer than Kubernetes allows';
  for (const field of ['object', 'oldObject']) {
    const value = request[field];
    if (value !== undefined && value !== null && !isRecord(value)) return `${field} is no object`;
  }
  const { operation, object, oldObject } = request;
  if ((operation === 'CREATE' || operation === 'UPDATE') && !isRecord(object)) return 'the request has no object';
  if (operation === 'UPDATE' && !isRecord(oldObject)) return 'the request has no oldObject';
  return undefined;
}

/** Names are kept and remembered, so they are short: what is longer comes from no API server. */
function isTooLong({ kind, resource, subResource, namespace, name, object, oldObject }: Fields): boolean {
  const objects = [object, oldObject].map((value) => (value ?? {}) as Fields);
  const short = [
    ...[kind, resource].flatMap((value) => Object.values(value as Fields)),
    ...objects.flatMap((value) => [value['kind'], value['apiVersion']]),
    ...[subResource, namespace],
  ];
  return short.some((value) => text(value).length > LONGEST_NAME) || text(name).length > LONGEST_OBJECT_NAME;
}

function requestOf(request: Fields, uid: string): AdmissionRequest {
  const { uid: _uid, object, oldObject, ...shown } = request;
  const kind = request['kind'] as Fields;
  const resource = request['resource'] as Fields;
  const user = request['userInfo'] as Fields;
  return {
    uid,
    kind: { group: text(kind['group']), version: text(kind['version']), kind: text(kind['kind']) },
    resource: {
      group: text(resource['group']),
      version: text(resource['version']),
      resource: text(resource['resource']),
    },
    subResource: text(request['subResource']),
    name: text(request['name']),
    namespace: text(request['namespace']),
    operation: request['operation'] as Operation,
    userInfo: { ...user, username: text(user['username']), groups: groupsOf(user['groups']) },
    object: (object ?? null) as JsonObject | null,
    oldObject: (oldObject ?? null) as JsonObject | null,
    dryRun: request['dryRun'] === true,
    shown: withDefaults(shown),
  };
}

function groupsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_GROUPS).filter((group) => typeof group === 'string');
}

/** Fields that AdmissionReview leaves out when they are empty, and that expressions may ask for all the same. */
function withDefaults(shown: Fields): Fields {
  shown['name'] ??= '';
  shown['namespace'] ??= '';
  shown['subResource'] ??= '';
  shown['requestSubResource'] ??= shown['subResource'];
  shown['requestKind'] ??= shown['kind'];
  shown['requestResource'] ??= shown['resource'];
  shown['dryRun'] ??= false;
  return shown;
}
