export { usualVersion } from './entry.ts';
export { Estate, type EstateOptions, estateOfLists, estatesOf } from './estate.ts';
export type { GrantFact } from './grants.ts';
export type { Route } from './routes.ts';
export type { EstateView } from './view.ts';
