import { z } from 'zod';

/*
 * Parts that policies in the languages of others have in common. `null` stands for what is not set, as in Kubernetes;
 * fields that we do not know are left out, as their own systems prune them.
 */

/** Makes a schema when it is first asked for: commands that meet no such policy do not pay for it. */
export const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

export const text = (): z.ZodString => z.string();
export const texts = (): z.ZodArray<z.ZodString> => z.array(z.string());
/** Numbers and booleans that somebody forgot to quote count as they are written. */
const writtenTexts = () =>
  z.record(text(), z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]));

export const metadataSchema = once(() =>
  z.object({
    name: text().min(1),
    namespace: text().optional(),
    labels: writtenTexts().nullish(),
    annotations: writtenTexts().nullish(),
  }),
);
export type ForeignMetadata = z.infer<ReturnType<typeof metadataSchema>>;

export const selectorSchema = once(() =>
  z.object({
    matchLabels: z.record(text(), text()).nullish(),
    matchExpressions: z
      .array(
        z.object({
          key: text(),
          operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
          values: texts().nullish(),
        }),
      )
      .nullish(),
  }),
);
export type ForeignSelector = z.infer<ReturnType<typeof selectorSchema>>;

export const operationSchema = once(() => z.enum(['CREATE', 'UPDATE', 'DELETE', 'CONNECT', '*']));

const resourceRuleSchema = once(() =>
  z.object({
    apiGroups: texts().default([]),
    apiVersions: texts().default([]),
    operations: z.array(operationSchema()).default([]),
    resources: texts().default([]),
    resourceNames: texts().nullish(),
    scope: z.enum(['*', 'Cluster', 'Namespaced']).nullish(),
  }),
);
export type ForeignResourceRule = z.infer<ReturnType<typeof resourceRuleSchema>>;

export const matchResourcesSchema = once(() =>
  z.object({
    resourceRules: z.array(resourceRuleSchema()).nullish(),
    excludeResourceRules: z.array(resourceRuleSchema()).nullish(),
    namespaceSelector: selectorSchema().nullish(),
    objectSelector: selectorSchema().nullish(),
    matchPolicy: z.enum(['Exact', 'Equivalent']).nullish(),
  }),
);
export type ForeignMatchResources = z.infer<ReturnType<typeof matchResourcesSchema>>;

export const namedExpressionSchema = once(() => z.object({ name: text(), expression: text() }));
export const validationSchema = once(() =>
  z.object({
    expression: text(),
    message: text().nullish(),
    messageExpression: text().nullish(),
    reason: text().nullish(),
  }),
);
export type ForeignValidation = z.infer<ReturnType<typeof validationSchema>>;
export const auditAnnotationSchema = once(() => z.object({ key: text(), valueExpression: text() }));
export const paramKindSchema = once(() => z.object({ apiVersion: text(), kind: text() }));
export const paramRefSchema = once(() =>
  z.object({
    name: text().nullish(),
    namespace: text().nullish(),
    selector: selectorSchema().nullish(),
    parameterNotFoundAction: z.enum(['Allow', 'Deny']).nullish(),
  }),
);
export type ForeignParamRef = z.infer<ReturnType<typeof paramRefSchema>>;

/** What every policy made of CEL expressions may say. */
export const celSpecShape = () => ({
  failurePolicy: z.enum(['Fail', 'Ignore']).nullish(),
  matchConstraints: matchResourcesSchema().nullish(),
  matchConditions: z.array(namedExpressionSchema()).nullish(),
  variables: z.array(namedExpressionSchema()).nullish(),
  validations: z.array(validationSchema()).nullish(),
  auditAnnotations: z.array(auditAnnotationSchema()).nullish(),
});

export const actionsSchema = once(() => z.array(z.enum(['Deny', 'Warn', 'Audit'])));
