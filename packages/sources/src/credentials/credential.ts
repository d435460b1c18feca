/** What a credential says of whom it belongs to: never the credential itself. */
export interface Credential {
  /** "client certificate of user admin". */
  what: string;
  kind: 'User' | 'ServiceAccount';
  /** Empty for users. */
  namespace: string;
  name: string;
  groups: string[];
  /** Other names by which an API server may know the user: which claim of a token names him is its setting. */
  otherNames: string[];
  /** ISO 8601; absent where it does not end. */
  expires?: string;
  /** Audiences of a token; absent where it names none. */
  audiences?: string[];
}

/** A user of the API server. */
export function userCredential(what: string, name: string, groups: string[]): Credential {
  const account = /^system:serviceaccount:([^:]{1,253}):([^:]{1,253})$/.exec(name);
  const who: Pick<Credential, 'kind' | 'namespace' | 'name'> =
    account === null
      ? { kind: 'User', namespace: '', name }
      : { kind: 'ServiceAccount', namespace: account[1]!, name: account[2]! };
  return { what, ...who, groups, otherNames: [] };
}

/** Longest name of a user or group that is taken from a credential. */
export const LONGEST_NAME = 1_024;

/** Most groups that are taken from one. */
export const MOST_GROUPS = 1_000;
