import type { JsonObject } from '@breakwater/model';
import type { ForeignParamRef } from '@breakwater/model/foreign';
import { CelError, CelUnknown, type Failure } from '../../cel/index.ts';
import { recordOf, textsOf } from '../../loose-values.ts';
import type { JudgedRequest } from '../judged-request.ts';
import { allLabels, selects } from '../labels.ts';

/** Kinds of parameters that stand in `default` where they name no namespace. */
const NAMESPACED = ['ConfigMap', 'Secret'];

/**
 * The parameters that a binding gives a policy, one evaluation each: none where the binding lets the request pass
 * without them. Those that are not in view are unknown: the cluster may have them.
 *
 * @param given what the caller found out: the fact `params`.
 */
export function parametersFor(
  paramKind: { apiVersion: string; kind: string } | null | undefined,
  paramRef: ForeignParamRef | null | undefined,
  request: JudgedRequest,
  given: unknown,
): readonly unknown[] | Failure {
  if (!paramKind || !paramRef) return [null];
  if (given === null) return missing(paramRef);
  if (given !== undefined) return [given];
  const { name, selector } = paramRef;
  const found = request.find({ ...paramKind, ...(name ? { name } : {}) }) ?? [];
  const meant = found.filter(
    (object) =>
      isInNamespace(object, paramKind.kind, paramRef.namespace || request.namespace) && isSelected(object, selector),
  );
  if (meant.length > 0) return meant;
  return new CelUnknown([`params: ${paramKind.kind}${name ? ` ${name}` : ''}`]);
}

function missing({ parameterNotFoundAction }: ForeignParamRef): [] | Failure {
  return parameterNotFoundAction === 'Allow' ? [] : new CelError('the parameter of the binding does not exist');
}

function isInNamespace(object: JsonObject, kind: string, wanted: string): boolean {
  const { namespace } = recordOf(object['metadata']);
  if (typeof namespace === 'string') return namespace === wanted;
  return !NAMESPACED.includes(kind) || wanted === 'default';
}

const isSelected = (object: JsonObject, selector: ForeignParamRef['selector']): boolean =>
  !selector || selects(selector, allLabels(textsOf(recordOf(object['metadata'])['labels']))) === true;
