export { readSecrets } from './read-secrets.ts';
