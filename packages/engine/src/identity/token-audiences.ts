import type { Json, JsonObject } from '@breakwater/model';
import { fieldOf, listOf, objectsOf, textsOf } from '../json/index.ts';

/**
 * Audiences of API servers as clusters are made: its names inside of the cluster (kubeadm, kind, k3s and most others),
 * and the issuers of the large clouds, which are audiences where none is set.
 */
const usual =
  /^(api|(https:\/\/)?kubernetes(\.default(\.svc(\.[a-z0-9.-]{1,200})?)?)?(:\d{1,5})?|https:\/\/(container\.googleapis\.com\/v1\/projects|oidc\.eks\.[a-z0-9-]{1,40}\.amazonaws\.com|[a-z0-9.-]{1,80}\.oic\.prod-aks\.azure\.com)\/.{0,300})$/;

const option = /^--(api-audiences|service-account-issuer)=(.{1,2000})$/s;

/** Audiences that the API servers among some pods say that they have. */
export function audiencesOf(specs: Iterable<JsonObject>): Set<string> {
  const found = new Set<string>();
  for (const spec of specs)
    for (const container of objectsOf(fieldOf(spec, 'containers')))
      for (const word of [...textsOf(fieldOf(container, 'command')), ...textsOf(fieldOf(container, 'args'))])
        for (const audience of option.exec(word)?.[2]?.split(',') ?? []) found.add(audience);
  return found;
}

/**
 * Whether a token for an audience opens the API server: without one it is for it, and one for another, as a vault or a
 * cloud's token service, is refused (TokenReview compares the audiences).
 */
export function opensApi(audience: Json | undefined, known: ReadonlySet<string>): boolean {
  if (typeof audience !== 'string' || audience === '') return true;
  return usual.test(audience) || known.has(audience);
}

/** Whether any of a token's audiences opens the API server; a token without any is of the old kind, and does. */
export function anyOpensApi(audiences: Json | undefined): boolean {
  const all = typeof audiences === 'string' ? [audiences] : listOf(audiences);
  return all.length === 0 || all.some((audience) => opensApi(audience, new Set()));
}
