export { type Attack, attacks, type Need } from './attacks.ts';
export { authorizerOf, type MayDo, type PathRequest, type Permission, type ResourceRequest } from './authorizer.ts';
export { builtInRoles } from './built-in-roles.ts';
export { identityOf } from './identity.ts';
export { podSpecsOf } from './pod-specs.ts';
export { Roles } from './roles.ts';
export { namesAllowed } from './rules.ts';
export { principalId, serviceAccountId, type UserInfo, userOf } from './subjects.ts';
export type * from './types.ts';
