export { type CertificateDate, certificatesIn } from './certificates.ts';
export { encryptionOf } from './encryption.ts';
export { familyOf, typeFamily } from './families.ts';
export { pipedDownloads, type RecipeSecret, recipeSecretsIn } from './recipe-secrets.ts';
export { type SecretEstate, secretReport } from './secret-report.ts';
export { type SecretStore, storesOf } from './stores.ts';
export { type SecretUse, SecretUses } from './uses.ts';
export { fingerprintsIn, writtenKeysOf, writtenSecretsIn } from './written-secrets.ts';
