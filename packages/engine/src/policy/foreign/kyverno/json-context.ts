import type { KyvernoContextEntry } from '@breakwater/model/foreign';
import { CelUnknown } from '../../cel/index.ts';
import { podSpecPointer } from '../../facts/workload.ts';
import { isRecord, listOf, recordOf, textOf } from '../../loose-values.ts';
import { JmesPathError, JmesPathUnknown, queryJmesPath, StepBudget } from '../jmespath/index.ts';
import type { JudgedRequest } from '../judged-request.ts';
import { parseImageReference } from './image-reference.ts';
import { KYVERNO_JMESPATH_FUNCTIONS } from './jmespath-functions.ts';
import { substitute, substituteText } from './substitute.ts';

const MAX_ENTRIES = 200;
const MOST_STEPS = 2_000_000;

/** What expressions of a rule read: the request, and what its context names. */
export class JsonContext {
  readonly #data: Record<string, unknown>;
  readonly #request: JudgedRequest;
  /** What all queries of one rule on one object may cost together. */
  readonly #budget: StepBudget;

  /** Images of the request, once an expression names them. */
  readonly #images: { known?: unknown };

  private constructor(
    data: Record<string, unknown>,
    request: JudgedRequest,
    budget: StepBudget,
    images: { known?: unknown },
  ) {
    this.#data = data;
    this.#request = request;
    this.#budget = budget;
    this.#images = images;
  }

  /**
   * The context of a request.
   *
   * @param given values that the caller has for names of contexts: they stand in for what would be looked up.
   */
  static of(request: JudgedRequest, given: unknown): JsonContext {
    const data = { ...recordOf(given), ...requestData(request, recordOf(given)), images: null };
    return new JsonContext(data, request, new StepBudget(MOST_STEPS), {});
  }

  /** The same with more names. */
  with(values: Readonly<Record<string, unknown>>): JsonContext {
    return new JsonContext(
      Object.defineProperties(
        {},
        {
          ...Object.getOwnPropertyDescriptors(this.#data),
          ...Object.getOwnPropertyDescriptors(values),
        },
      ),
      this.#request,
      this.#budget,
      this.#images,
    );
  }

  /** The value of an expression; throws `JmesPathError` and `JmesPathUnknown`. */
  query = (expression: string): unknown => {
    if (expression.includes('images')) this.#data['images'] = this.#imagesOf();
    return this.queryOf(expression, this.#data);
  };

  /* No getter of the data: V8 keeps those, and the request with them, until all garbage is collected. */
  #imagesOf(): unknown {
    this.#images.known ??= imagesOf(this.#request.target, this.#request.kind);
    return this.#images.known;
  }

  /** The value of an expression on something else. */
  queryOf = (expression: string, value: unknown): unknown =>
    queryJmesPath(expression, value, KYVERNO_JMESPATH_FUNCTIONS, this.#budget);

  /** Counts work; throws `JmesPathError` where it is too much. */
  spend(steps: number): void {
    this.#budget.spend(steps);
  }

  /** As `query`, but what selects nothing is an error. */
  resolve = (expression: string): unknown => {
    const asked =
      this.#request.operation === 'DELETE' ? expression.replaceAll('request.object', 'request.oldObject') : expression;
    const value = this.query(asked);
    if (value === null) throw new JmesPathError(`the variable ${expression} selects nothing`);
    return value;
  };

  /** With the entries of a rule's context, each worked out when it is first needed; later ones may use earlier ones. */
  withEntries(entries: readonly KyvernoContextEntry[] | null | undefined): JsonContext {
    if (!entries || entries.length === 0) return this;
    if (entries.length > MAX_ENTRIES) throw new JmesPathError(`more than ${MAX_ENTRIES} entries of context`);
    const lazily: Record<string, unknown> = {};
    const context = (): JsonContext => extended;
    for (const entry of entries) {
      if (Object.hasOwn(this.#data, entry.name)) continue;
      defineOnce(lazily, entry.name, () => entryValue(entry, context(), this.#request));
    }
    const extended = this.with(lazily);
    return extended;
  }
}

function defineOnce(target: Record<string, unknown>, name: string, work: () => unknown): void {
  let state: 'new' | 'working' | 'done' = 'new';
  let value: unknown;
  Object.defineProperty(target, name, {
    enumerable: true,
    configurable: true,
    get: () => {
      if (state === 'working') throw new JmesPathError(`the context ${name} needs itself`);
      if (state === 'new') {
        state = 'working';
        try {
          value = work();
          state = 'done';
        } finally {
          if (state === 'working') state = 'new';
        }
      }
      return value;
    },
  });
}

function entryValue(entry: KyvernoContextEntry, context: JsonContext, request: JudgedRequest): unknown {
  if (entry.configMap) {
    const name = substituteText(entry.configMap.name, context.resolve, context);
    const namespace = substituteText(entry.configMap.namespace ?? '', context.resolve, context);
    const [found] =
      request.find({ apiVersion: 'v1', kind: 'ConfigMap', name, namespace: namespace || 'default' }) ?? [];
    if (found === undefined) throw new JmesPathUnknown([`ConfigMap ${namespace || 'default'}/${name}`]);
    return found;
  }
  if (entry.variable) return variableOf(entry.variable, context);
  const source = (['apiCall', 'imageRegistry', 'globalReference'] as const).find((kind) => entry[kind] !== undefined);
  throw new JmesPathUnknown([`context ${entry.name}${source === undefined ? '' : ` (${source})`}`]);
}

/** A default stands in where the variable selects nothing or cannot be worked out, but not for a missing fact. */
function variableOf(variable: NonNullable<KyvernoContextEntry['variable']>, context: JsonContext): unknown {
  const { value, jmesPath, default: absent } = variable;
  try {
    const base = value === undefined ? undefined : substitute(value, context.resolve, context);
    const path = jmesPath ? substituteText(jmesPath, context.resolve, context) : undefined;
    if (path === undefined) return base ?? null;
    const found = base === undefined ? context.query(path) : context.queryOf(path, base);
    if (found !== null || absent === undefined) return found;
  } catch (error) {
    if (!(error instanceof JmesPathError) || absent === undefined) throw error;
  }
  return substitute(absent, context.resolve, context);
}

function requestData(request: JudgedRequest, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { requester } = request;
  const [, namespace, name] = /^system:serviceaccount:([^:]*):([^:]*)$/.exec(requester?.username ?? '') ?? [];
  const nobody = (fact: string): CelUnknown => new CelUnknown([fact]);
  return {
    request: {
      ...request.request,
      object: request.object,
      oldObject: request.oldObject,
      roles: requester?.roles ?? nobody('request.roles'),
      clusterRoles: requester?.clusterRoles ?? nobody('request.clusterRoles'),
      namespace: request.namespace,
      ...recordOf(given['request']),
    },
    serviceAccountName: requester === undefined ? nobody('serviceAccountName') : (name ?? ''),
    serviceAccountNamespace: requester === undefined ? nobody('serviceAccountNamespace') : (namespace ?? ''),
  };
}

/** Images of the pod in their parts, by the list and the name of their containers. */
function imagesOf(target: unknown, kind: string): unknown {
  const pointer = podSpecPointer(kind);
  if (pointer === undefined) return null;
  const spec = recordOf(pointer.reduce<unknown>((value, step) => recordOf(value)[step], target));
  const lists = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => {
    const entries = listOf(spec[list]).flatMap((container) => imageEntry(container));
    return entries.length === 0 ? [] : [[list, Object.fromEntries(entries)] as const];
  });
  return Object.fromEntries(lists);
}

function imageEntry(container: unknown): (readonly [string, unknown])[] {
  if (!isRecord(container)) return [];
  const image = parseImageReference(textOf(container['image']), 'docker.io');
  if (image === undefined) return [];
  const { $registry: registry, $repository: path, $tag: tag, $digest: digest } = image;
  const reference = `${registry}/${path}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
  const parts = {
    registry,
    path,
    name: path.split('/').at(-1) ?? '',
    reference,
    referenceWithTag: `${registry}/${path}:${tag}`,
  };
  const optional = { ...(tag === '' ? {} : { tag }), ...(digest === '' ? {} : { digest }) };
  return [[textOf(container['name']), { ...parts, ...optional }]];
}
