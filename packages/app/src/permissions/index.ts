export { podPoliciesIn } from './pod-policies.ts';
export { tellUnusedPermissions, type UnusedPermissionsOptions } from './unused-permissions.ts';
