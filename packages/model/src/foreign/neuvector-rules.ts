import { z } from 'zod';
import { once, text, texts } from './parts.ts';

/** A number or a truth value may stand where a text is meant. */
const value = () =>
  z
    .union([text(), z.number(), z.boolean()])
    .nullish()
    .transform((given) => (given === undefined || given === null ? '' : String(given)));

const criterionShape = () => ({
  name: text().default(''),
  op: text().default(''),
  value: value(),
  /** `customPath` for what users define themselves. */
  type: text().nullish(),
  path: text().nullish(),
  value_type: text().nullish(),
});

const criterionSchema = once(() =>
  z.object({ ...criterionShape(), sub_criteria: z.array(z.object(criterionShape())).nullish() }),
);
export type NeuvectorCriterion = z.infer<ReturnType<typeof criterionSchema>>;

const sharedShape = () => ({
  comment: text().nullish(),
  criteria: z.array(criterionSchema()).default([]),
  /** `containers`, `init_containers`, `ephemeral_containers`; the first alone when absent. */
  containers: texts().nullish(),
  /** `protect`, `monitor`; what all rules do when empty. */
  rule_mode: text().nullish(),
});

/** One admission rule. */
export interface NeuvectorRule {
  id: number;
  comment: string;
  criteria: NeuvectorCriterion[];
  containers: string[];
  mode: string;
  /** Whether what it describes is let in whatever rules after it say. */
  allows: boolean;
  disabled: boolean;
  /** Rules of a lower rank are held against an object first. */
  rank: number;
}

/** The order in which NeuVector asks: its own, those of a federation, those of custom resources, those of users. */
const RANKS: Readonly<Record<string, number>> = { federal: 1, ground: 2 };
const USER = 3;

const ruleSchema = once(() =>
  z
    .object({
      ...sharedShape(),
      id: z.number(),
      rule_type: text().nullish(),
      disable: z.boolean().nullish(),
      critical: z.boolean().nullish(),
      cfg_type: text().nullish(),
    })
    .transform(
      (rule): NeuvectorRule => ({
        ...shared(rule),
        id: rule.id,
        allows: rule.rule_type === 'exception' || rule.rule_type === 'allow',
        disabled: rule.disable ?? false,
        rank: rule.critical ? 0 : (RANKS[rule.cfg_type ?? ''] ?? USER),
      }),
    ),
);

/** What NeuVector's API and console export: `{"rules": [...]}`. */
export const neuvectorRulesSchema = once(() =>
  z.object({ rules: z.array(ruleSchema()) }).transform(({ rules }): NeuvectorRules => ({ rules, mode: '' })),
);

/** NvAdmissionControlSecurityRule of neuvector.com, the same rules as a custom resource. */
export const neuvectorResourceSchema = once(() =>
  z
    .object({
      spec: z.object({
        config: z.object({ mode: text().nullish() }).nullish(),
        rules: z
          .array(
            z.object({
              ...sharedShape(),
              action: text().nullish(),
              disabled: z.boolean().nullish(),
              conversion_id_ref: z.number().nullish(),
            }),
          )
          .default([]),
      }),
    })
    .transform(
      ({ spec }): NeuvectorRules => ({
        mode: spec.config?.mode ?? '',
        rules: spec.rules.map((rule, index) => ({
          ...shared(rule),
          id: rule.conversion_id_ref ?? FIRST_ID + index,
          allows: rule.action === 'allow',
          disabled: rule.disabled ?? false,
          rank: RANKS['ground'] as number,
        })),
      }),
    ),
);

/** Numbers of rules that were exported without one begin here. */
const FIRST_ID = 1000;

/** Rules of NeuVector, in the order in which they stand. */
export interface NeuvectorRules {
  /** What rules do that do not say it themselves: `protect`, `monitor`, or empty where it is not known. */
  mode: string;
  rules: NeuvectorRule[];
}

interface Shared {
  comment?: string | null | undefined;
  criteria: NeuvectorCriterion[];
  containers?: string[] | null | undefined;
  rule_mode?: string | null | undefined;
}

const shared = ({ comment, criteria, containers, rule_mode }: Shared) => ({
  comment: comment ?? '',
  criteria,
  containers: containers && containers.length > 0 ? containers : ['containers'],
  mode: rule_mode ?? '',
});
