import { type Failure, Opaque } from './values.ts';

/** What is asked: whether a user may do something with a resource or a path. */
export interface Authorization {
  /** Undefined for the user of the request; else a service account (`system:serviceaccount:namespace:name`). */
  user?: string;
  verb: string;
  path?: string;
  group?: string;
  resource?: string;
  subresource?: string;
  namespace?: string;
  name?: string;
  fieldSelector?: string;
  labelSelector?: string;
}

export interface AuthorizationAnswer {
  allowed: boolean;
  reason?: string;
  /** Why no answer could be had; `allowed` is then false. */
  error?: string;
}

/** Answers at once from what is known; a `CelUnknown` where nothing is. */
export type AuthorizationLookup = (asked: Authorization) => AuthorizationAnswer | Failure;

const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The value of the variable `authorizer`: the caller supplies what answers its checks. */
export class Authorizer extends Opaque {
  readonly $kind = 'kubernetes.authorization.Authorizer';
  readonly $lookup: AuthorizationLookup;
  readonly $user: string | undefined;

  constructor(lookup: AuthorizationLookup, user?: string) {
    super();
    this.$lookup = lookup;
    this.$user = user;
  }

  $as(user: string): Authorizer {
    return new Authorizer(this.$lookup, user);
  }

  $ask(asked: Authorization): AuthorizationAnswer | Failure {
    return this.$lookup(this.$user === undefined ? asked : { ...asked, user: this.$user });
  }

  $equals(other: Opaque): boolean {
    return other instanceof Authorizer && other.$lookup === this.$lookup && other.$user === this.$user;
  }
}

export class PathCheck extends Opaque {
  readonly $kind = 'kubernetes.authorization.PathCheck';
  readonly $authorizer: Authorizer;
  readonly $path: string;

  constructor(authorizer: Authorizer, path: string) {
    super();
    this.$authorizer = authorizer;
    this.$path = path;
  }

  $equals(other: Opaque): boolean {
    return other instanceof PathCheck && other.$path === this.$path && other.$authorizer.$equals(this.$authorizer);
  }
}

export class GroupCheck extends Opaque {
  readonly $kind = 'kubernetes.authorization.GroupCheck';
  readonly $authorizer: Authorizer;
  readonly $group: string;

  constructor(authorizer: Authorizer, group: string) {
    super();
    this.$authorizer = authorizer;
    this.$group = group;
  }

  $equals(other: Opaque): boolean {
    return other instanceof GroupCheck && other.$group === this.$group && other.$authorizer.$equals(this.$authorizer);
  }
}

export class ResourceCheck extends Opaque {
  readonly $kind = 'kubernetes.authorization.ResourceCheck';
  readonly $authorizer: Authorizer;
  readonly $asked: Omit<Authorization, 'verb'>;

  constructor(authorizer: Authorizer, asked: Omit<Authorization, 'verb'>) {
    super();
    this.$authorizer = authorizer;
    this.$asked = asked;
  }

  $with(more: Partial<Authorization>): ResourceCheck {
    return new ResourceCheck(this.$authorizer, { ...this.$asked, ...more });
  }

  $equals(other: Opaque): boolean {
    return (
      other instanceof ResourceCheck && same(other.$asked, this.$asked) && other.$authorizer.$equals(this.$authorizer)
    );
  }
}

export class Decision extends Opaque {
  readonly $kind = 'kubernetes.authorization.Decision';
  readonly $answer: AuthorizationAnswer;

  constructor(answer: AuthorizationAnswer) {
    super();
    this.$answer = answer;
  }

  $equals(other: Opaque): boolean {
    return other instanceof Decision && same(other.$answer, this.$answer);
  }
}
