export {
  type AdmissionServer,
  type AdmissionServerOptions,
  type ClientCheck,
  listenForReviews,
} from './admission-server.ts';
export { issueCertificate, type KeyedCertificate } from './certificates/issue-certificate.ts';
export { keepInFolder } from './certificates/keep-in-folder.ts';
export {
  type CertificateSource,
  givenCertificates,
  ownCertificates,
  type ServingCertificate,
} from './certificates/serving-certificates.ts';
export { type Judges, type JudgesOptions, openJudges } from './judges/judges.ts';
export { type ApiServer, openApiServer, SERVICE_ACCOUNT_FOLDER } from './kubernetes/api-server.ts';
export { keepInSecret } from './kubernetes/keep-in-secret.ts';
export { lookUpAt } from './kubernetes/look-up.ts';
export { patchWebhook } from './kubernetes/webhook-patch.ts';
export { type AdmissionLimits, DEFAULT_LIMITS } from './limits.ts';
