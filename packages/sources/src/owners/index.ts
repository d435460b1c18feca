export { type CodeOwners, openCodeOwners } from './open-code-owners.ts';
