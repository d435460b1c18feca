import { z } from 'zod';
import { actionsSchema, celSpecShape, metadataSchema, once, text, texts } from './parts.ts';

/** Kyverno's ValidatingPolicy and NamespacedValidatingPolicy. */
export const kyvernoValidatingPolicySchema = once(() =>
  z.object({
    metadata: metadataSchema(),
    spec: z.object({
      ...celSpecShape(),
      validationActions: actionsSchema().nullish(),
      evaluation: z.object({ mode: text().nullish() }).nullish(),
      autogen: z.object({ podControllers: z.object({ controllers: texts().nullish() }).nullish() }).nullish(),
    }),
  }),
);
export type KyvernoValidatingPolicy = z.infer<ReturnType<typeof kyvernoValidatingPolicySchema>>;
