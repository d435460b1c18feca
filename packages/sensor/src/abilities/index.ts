export { type Abilities, findAbilities, type HostFiles } from './abilities.ts';
