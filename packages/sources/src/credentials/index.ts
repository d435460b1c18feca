export type { Credential } from './credential.ts';
export { type CredentialFile, readKubeconfigCredentials } from './read-kubeconfig.ts';
