import { anyOpensApi } from '@breakwater/engine/identity';
import { type LeakedIdentity, type Unknown, UserError } from '@breakwater/model';
import type { Credential } from '@breakwater/sources/credentials';

/** Who leaks, before it is known whether anybody of that name is there. */
export interface Leaking {
  identities: Omit<LeakedIdentity, 'known' | 'near'>[];
  unknowns: Unknown[];
}

const HINT = 'Give user:NAME, group:NAME, serviceaccount:NAMESPACE/NAME or file:KUBECONFIG.';

/**
 * Reads who leaks: `user:alice`, `group:ops`, `serviceaccount:shop/robot` (or `sa:`), `file:PATH`. Throws UserError for
 * anything else, and for a file that is no kubeconfig.
 *
 * @param now ISO 8601: what has expired by then opens nothing.
 */
export async function readWho(text: string, now: string): Promise<Leaking> {
  const [, kind = '', name = ''] = /^([a-z]+):(.{1,1024})$/s.exec(text) ?? [];
  const named = (identity: Pick<LeakedIdentity, 'kind' | 'namespace' | 'name'>): Leaking => ({
    identities: [{ ...identity, groups: [], from: '' }],
    unknowns: [],
  });
  if (kind === 'file') return readFrom(name, now);
  if (kind === 'user' || kind === 'group') {
    const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
    if (kind === 'user' && namespace !== undefined && account !== undefined)
      return named({ kind: 'ServiceAccount', namespace, name: account });
    return named({ kind: kind === 'user' ? 'User' : 'Group', namespace: '', name });
  }
  const [namespace, account, ...rest] = name.split('/');
  if ((kind === 'serviceaccount' || kind === 'sa') && namespace && account && rest.length === 0)
    return named({ kind: 'ServiceAccount', namespace, name: account });
  throw new UserError(`'${text.slice(0, 100)}' does not say whose credential leaks.`, {
    code: 'identity-invalid',
    hint: HINT,
  });
}

async function readFrom(path: string, now: string): Promise<Leaking> {
  const { readKubeconfigCredentials } = await import('@breakwater/sources/credentials');
  const { credentials, unknowns } = readKubeconfigCredentials(path);
  const leaking: Leaking = { identities: [], unknowns };
  for (const credential of credentials) {
    const shut = shutBecause(credential, now);
    if (shut === undefined) leaking.identities.push(...identitiesOf(credential));
    else leaking.unknowns.push(opensNothing(credential, shut, path));
  }
  return leaking;
}

/** Why a credential opens nothing; undefined where it may. */
function shutBecause({ expires, audiences }: Credential, now: string): string | undefined {
  if (expires !== undefined && expires < now) return `ended at ${expires.slice(0, 16).replace('T', ' ')}`;
  if (audiences !== undefined && !anyOpensApi(audiences))
    return `is for ${audiences.join(', ')}, not for the API server`;
  return undefined;
}

const opensNothing = ({ what }: Credential, why: string, source: string): Unknown => ({
  code: 'credential-shut',
  message: `The ${what} ${why}: it opens nothing, unless a clock or a setting of the cluster says otherwise.`,
  place: { source },
});

/** Somebody, and everybody else whom the token may mean: which claim names the user only the API server knows. */
function identitiesOf({ what, kind, namespace, name, groups, otherNames, expires }: Credential): Leaking['identities'] {
  return [name, ...otherNames.filter((other) => other !== name)].map((each) => ({
    kind,
    namespace,
    name: each,
    groups,
    from: what,
    ...(expires === undefined ? {} : { expires }),
  }));
}
