import { z } from 'zod';
import {
  actionsSchema,
  celSpecShape,
  matchResourcesSchema,
  metadataSchema,
  once,
  paramKindSchema,
  paramRefSchema,
  text,
} from './parts.ts';

/** ValidatingAdmissionPolicy of admissionregistration.k8s.io. */
export const admissionPolicySchema = once(() =>
  z.object({
    metadata: metadataSchema(),
    spec: z.object({ ...celSpecShape(), paramKind: paramKindSchema().nullish() }),
  }),
);
export type AdmissionPolicy = z.infer<ReturnType<typeof admissionPolicySchema>>;

/** ValidatingAdmissionPolicyBinding. */
export const admissionBindingSchema = once(() =>
  z.object({
    metadata: metadataSchema(),
    spec: z.object({
      policyName: text(),
      paramRef: paramRefSchema().nullish(),
      matchResources: matchResourcesSchema().nullish(),
      validationActions: actionsSchema().default([]),
    }),
  }),
);
export type AdmissionBinding = z.infer<ReturnType<typeof admissionBindingSchema>>;
