export { type Attack, attacks, type Need } from './attacks.ts';
export { builtInRoles } from './built-in-roles.ts';
export { identityOf } from './identity.ts';
export { podSpecsOf } from './pod-specs.ts';
export { Roles } from './roles.ts';
export { namesAllowed } from './rules.ts';
export { principalId, serviceAccountId } from './subjects.ts';
export type * from './types.ts';
