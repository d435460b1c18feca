import { type CompileOptions, VALIDATING_ADMISSION_POLICY } from '@breakwater/engine/compile';
import type { CompiledPolicy } from '@breakwater/engine/policy';
import type { JsonObject } from '@breakwater/model';
import { retryUntil } from '../retry-until.ts';
import { type Answer, type Api, forEachOf } from './api.ts';
import { canaryPolicy } from './feature-policies.ts';

/** What an API server found an admission policy to say against an object. */
export interface Refusal {
  policy: string;
  message: string;
}

/** Label by which an object asks for some policies: the number of a group, or the name of one policy. */
const ASKED = 'differential';
/** Policies that answer together: more would say more than an API server lets through. */
const GROUP = 10;
/** An API server shortens warnings once they have this many characters together. */
const MOST_WARNINGS = 4096;

/**
 * Compiled policies in an API server, all with the action Warn: a request then tells everything that they say. Bindings
 * select objects by a label, so that an object is judged by a few policies at a time.
 */
export class InstalledPolicies {
  readonly policies: readonly CompiledPolicy[];
  readonly #api: Api;

  private constructor(api: Api, policies: readonly CompiledPolicy[]) {
    this.#api = api;
    this.policies = policies;
  }

  /** Compiles and creates each policy that can be, and waits until all are in force. */
  static async install(
    api: Api,
    policies: readonly CompiledPolicy[],
    options: CompileOptions,
  ): Promise<InstalledPolicies> {
    const compiled = policies.flatMap((policy) => {
      const { objects } = VALIDATING_ADMISSION_POLICY.compile(policy, options);
      return objects.length === 0 ? [] : [{ policy, objects }];
    });
    await forEachOf(compiled, async ({ policy, objects: [document, binding] }, index) => {
      await api.create(document as JsonObject);
      await api.create(asking(binding as JsonObject, [`${Math.floor(index / GROUP)}`, policy.policy.metadata.name]));
    });
    for (const policy of canaryPolicy())
      for (const object of VALIDATING_ADMISSION_POLICY.compile(policy, options).objects) await api.create(object);
    /* It comes last: once it refuses, those before it are in force too. */
    const canary = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'canary' } };
    await retryUntil('a denial', async () => (await api.tryCreate(canary)).status === 422);
    return new InstalledPolicies(
      api,
      compiled.map(({ policy }) => policy),
    );
  }

  /**
   * What all policies say of an object that is sent, and the object as they saw it; the answer that refuses it where the
   * API server finds it invalid.
   */
  async judge(
    object: JsonObject,
    send = (labelled: JsonObject): Promise<Answer> => this.#api.tryCreate(labelled),
  ): Promise<{ admitted: JsonObject; refusals: Refusal[] } | Answer> {
    let admitted: JsonObject | undefined;
    const refusals: Refusal[] = [];
    const ask = async (asked: string): Promise<Answer> => await send(labelled(object, asked));
    for (let group = 0; group * GROUP < this.policies.length; group++) {
      let answers = [await ask(`${group}`)];
      if (answers.some(isShortened)) {
        const names = this.policies.slice(group * GROUP, (group + 1) * GROUP).map(({ policy }) => policy.metadata.name);
        answers = await Promise.all(names.map(ask));
      }
      const invalid = answers.find(({ status }) => status >= 300);
      if (invalid !== undefined) return invalid;
      admitted ??= answers[0]?.body;
      refusals.push(...answers.flatMap(({ warnings }) => warnings.flatMap(refusalIn)));
    }
    return { admitted: admitted as JsonObject, refusals };
  }
}

/** A binding for objects that ask for one of these, which warns and does not refuse. */
function asking(binding: JsonObject, values: string[]): JsonObject {
  const objectSelector = { matchExpressions: [{ key: ASKED, operator: 'In', values }] };
  const spec = { ...(binding['spec'] as JsonObject), validationActions: ['Warn'], matchResources: { objectSelector } };
  return { ...binding, spec };
}

function labelled(object: JsonObject, asked: string): JsonObject {
  const metadata = (object['metadata'] ?? {}) as JsonObject;
  return { ...object, metadata: { ...metadata, labels: { ...(metadata['labels'] as JsonObject), [ASKED]: asked } } };
}

/** Whether warnings were so long that some may have been cut or left out. */
function isShortened({ warnings }: Answer): boolean {
  const length = warnings.reduce((sum, text) => sum + [...text].length, 0);
  return length > MOST_WARNINGS * 0.8;
}

/** What a warning says for which policy; warnings of others are passed over. */
function refusalIn(warning: string): Refusal[] {
  const match = /^Validation failed for ValidatingAdmissionPolicy '([^']+)' with binding '[^']+': (.*)$/s.exec(warning);
  return match === null ? [] : [{ policy: match[1] as string, message: match[2] as string }];
}
