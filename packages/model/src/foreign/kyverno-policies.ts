import { z } from 'zod';
import { Json } from '../manifest.ts';
import {
  auditAnnotationSchema,
  metadataSchema,
  namedExpressionSchema,
  once,
  operationSchema,
  paramKindSchema,
  paramRefSchema,
  selectorSchema,
  text,
  texts,
  validationSchema,
} from './parts.ts';

const subjectSchema = once(() => z.object({ kind: text(), name: text(), namespace: text().nullish() }));

const resourceDescriptionSchema = once(() =>
  z.object({
    kinds: texts().nullish(),
    name: text().nullish(),
    names: texts().nullish(),
    namespaces: texts().nullish(),
    annotations: z.record(text(), text()).nullish(),
    selector: selectorSchema().nullish(),
    namespaceSelector: selectorSchema().nullish(),
    operations: z.array(operationSchema()).nullish(),
  }),
);
export type KyvernoResourceDescription = z.infer<ReturnType<typeof resourceDescriptionSchema>>;

const filterShape = () => ({
  resources: resourceDescriptionSchema().nullish(),
  roles: texts().nullish(),
  clusterRoles: texts().nullish(),
  subjects: z.array(subjectSchema()).nullish(),
});
const filterSchema = once(() => z.object(filterShape()));
export type KyvernoResourceFilter = z.infer<ReturnType<typeof filterSchema>>;
const kyvernoMatchSchema = once(() =>
  z.object({ ...filterShape(), any: z.array(filterSchema()).nullish(), all: z.array(filterSchema()).nullish() }),
);
export type KyvernoMatch = z.infer<ReturnType<typeof kyvernoMatchSchema>>;

const podSecurityExclusionSchema = once(() =>
  z.object({
    controlName: text(),
    images: texts().nullish(),
    restrictedField: text().nullish(),
    values: texts().nullish(),
  }),
);
export type KyvernoPodSecurityExclusion = z.infer<ReturnType<typeof podSecurityExclusionSchema>>;

const overridesSchema = once(() =>
  z.array(z.object({ action: text(), namespaces: texts().nullish(), namespaceSelector: selectorSchema().nullish() })),
);

const contextEntrySchema = once(() =>
  z.object({
    name: text(),
    configMap: z.object({ name: text(), namespace: text().nullish() }).nullish(),
    variable: z.object({ value: Json.optional(), jmesPath: text().nullish(), default: Json.optional() }).nullish(),
    apiCall: z.unknown().optional(),
    imageRegistry: z.unknown().optional(),
    globalReference: z.unknown().optional(),
  }),
);
export type KyvernoContextEntry = z.infer<ReturnType<typeof contextEntrySchema>>;

const validateShape = () => ({
  pattern: Json.optional(),
  anyPattern: Json.optional(),
  deny: z.object({ conditions: Json.optional() }).nullish(),
});
const foreachSchema: () => z.ZodType<KyvernoForeach> = once(() =>
  z.object({
    list: text(),
    elementScope: z.boolean().nullish(),
    context: z.array(contextEntrySchema()).nullish(),
    preconditions: Json.optional(),
    ...validateShape(),
    get foreach() {
      return z.array(foreachSchema()).nullish();
    },
  }),
) as never;
export interface KyvernoForeach {
  list: string;
  elementScope?: boolean | null | undefined;
  context?: KyvernoContextEntry[] | null | undefined;
  preconditions?: Json | undefined;
  pattern?: Json | undefined;
  anyPattern?: Json | undefined;
  deny?: { conditions?: Json | undefined } | null | undefined;
  foreach?: KyvernoForeach[] | null | undefined;
}

const kyvernoRuleSchema = once(() =>
  z.object({
    name: text().min(1),
    match: kyvernoMatchSchema().default({}),
    exclude: kyvernoMatchSchema().nullish(),
    preconditions: Json.optional(),
    celPreconditions: z.array(namedExpressionSchema()).nullish(),
    context: z.array(contextEntrySchema()).nullish(),
    validate: z
      .object({
        ...validateShape(),
        message: text().nullish(),
        failureAction: text().nullish(),
        failureActionOverrides: overridesSchema().nullish(),
        foreach: z.array(foreachSchema()).nullish(),
        podSecurity: z
          .object({
            level: z.enum(['privileged', 'baseline', 'restricted']).default('baseline'),
            version: text().default('latest'),
            exclude: z.array(podSecurityExclusionSchema()).nullish(),
          })
          .nullish(),
        cel: z
          .object({
            expressions: z.array(validationSchema()).nullish(),
            variables: z.array(namedExpressionSchema()).nullish(),
            auditAnnotations: z.array(auditAnnotationSchema()).nullish(),
            paramKind: paramKindSchema().nullish(),
            paramRef: paramRefSchema().nullish(),
          })
          .nullish(),
        manifests: z.unknown().optional(),
        assert: z.unknown().optional(),
      })
      .nullish(),
    mutate: z.unknown().optional(),
    generate: z.unknown().optional(),
    verifyImages: z.unknown().optional(),
  }),
);
export type KyvernoRule = z.infer<ReturnType<typeof kyvernoRuleSchema>>;

/** Kyverno's ClusterPolicy and Policy. */
export const kyvernoPolicySchema = once(() =>
  z.object({
    metadata: metadataSchema(),
    spec: z.object({
      rules: z.array(kyvernoRuleSchema()).default([]),
      /** `One` or `All`. */
      applyRules: text().nullish(),
      validationFailureAction: text().nullish(),
      validationFailureActionOverrides: overridesSchema().nullish(),
      failurePolicy: z.enum(['Fail', 'Ignore']).nullish(),
      admission: z.boolean().nullish(),
      background: z.boolean().nullish(),
    }),
  }),
);
export type KyvernoPolicy = z.infer<ReturnType<typeof kyvernoPolicySchema>>;

/** PolicyException of kyverno.io. */
export const kyvernoExceptionSchema = once(() =>
  z.object({
    metadata: metadataSchema(),
    spec: z.object({
      exceptions: z.array(z.object({ policyName: text(), ruleNames: texts().default([]) })).default([]),
      match: kyvernoMatchSchema().default({}),
      conditions: Json.optional(),
      podSecurity: z.array(podSecurityExclusionSchema()).nullish(),
    }),
  }),
);
export type KyvernoException = z.infer<ReturnType<typeof kyvernoExceptionSchema>>;

/** PolicyException of policies.kyverno.io. */
export const kyvernoCelExceptionSchema = once(() =>
  z.object({
    metadata: metadataSchema(),
    spec: z.object({
      policyRefs: z.array(z.object({ name: text(), kind: text() })).default([]),
      matchConditions: z.array(namedExpressionSchema()).nullish(),
      images: texts().nullish(),
      allowedValues: texts().nullish(),
    }),
  }),
);
export type KyvernoCelException = z.infer<ReturnType<typeof kyvernoCelExceptionSchema>>;
