export { entropyOf } from './entropy.ts';
export { findSecrets, type SecretFinding } from './find-secrets.ts';
export { fingerprintOf } from './fingerprint.ts';
export { type Judgement, judgeSetting } from './judge-setting.ts';
export { isPlaceholder } from './placeholders.ts';
