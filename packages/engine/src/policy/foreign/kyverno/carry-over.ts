import type { Json } from '@breakwater/model';
import type { KyvernoMatch, KyvernoPolicy, KyvernoResourceFilter, KyvernoRule } from '@breakwater/model/foreign';
import { namesKind } from './kinds.ts';
import { POD_CONTROLLERS, shiftExpression, shiftTexts, TEMPLATES, type TemplateOf } from './shift-to-template.ts';

const ANNOTATION = 'pod-policies.kyverno.io/autogen-controllers';
const CONTROLLERS = Object.values(POD_CONTROLLERS);

const filtersOf = (match: KyvernoMatch | null | undefined): KyvernoResourceFilter[] =>
  match ? [match, ...(match.any ?? []), ...(match.all ?? [])] : [];

/** Kinds of workloads that a policy's rules on pods are carried over to: none where a rule picks certain pods. */
export function controllersFor({ metadata, spec }: KyvernoPolicy): readonly string[] {
  const asked = metadata.annotations?.[ANNOTATION];
  if (asked === 'none' || spec.rules.some((rule) => rule.generate !== undefined)) return [];
  const descriptions = spec.rules
    .flatMap(({ match, exclude }) => [...filtersOf(match), ...filtersOf(exclude)])
    .flatMap(({ resources }) => resources ?? []);
  const picks = descriptions.some(
    ({ name, names, selector, annotations, kinds }) =>
      name || names?.length || selector || annotations || ((kinds?.length ?? 0) > 1 && namesKind(kinds, 'Pod')),
  );
  if (picks) return [];
  const all = CONTROLLERS.map(({ kind }) => kind);
  if (!asked || asked === 'all') return all;
  const wanted = asked.split(',').map((kind) => kind.trim());
  return all.filter((kind) => wanted.includes(kind));
}

/**
 * A rule on pods as one on the templates of workloads; undefined where it is not about pods. Its name gets the prefix
 * that Kyverno gives it.
 */
export function carryOver(
  rule: KyvernoRule,
  template: TemplateOf,
  controllers: readonly string[],
): KyvernoRule | undefined {
  const kinds = CONTROLLERS.filter((one) => one.template === template && controllers.includes(one.kind)).map(
    ({ group, kind }) => `${group === '' ? '' : `${group}/`}v1/${kind}`,
  );
  const named = (match: KyvernoMatch | null | undefined): string[] =>
    filtersOf(match).flatMap(({ resources }) => resources?.kinds ?? []);
  const excluded = named(rule.exclude);
  if (kinds.length === 0 || rule.name.startsWith('autogen-') || !namesKind(named(rule.match), 'Pod')) return undefined;
  if (excluded.length > 0 && !namesKind(excluded, 'Pod')) return undefined;
  const prefix = template === 'cronJobs' ? 'autogen-cronjob' : 'autogen';
  const { name: _, match, exclude, ...body } = rule;
  return {
    ...shiftTexts(wrapped(body, template), shiftFor(rule, template)),
    name: `${prefix}-${rule.name}`.slice(0, 63),
    match: renamed(match, kinds),
    exclude: exclude ? renamed(exclude, kinds) : exclude,
  } as KyvernoRule;
}

function renamed(match: KyvernoMatch, kinds: string[]): KyvernoMatch {
  const rename = (filter: KyvernoResourceFilter): KyvernoResourceFilter =>
    namesKind(filter.resources?.kinds, 'Pod') ? { ...filter, resources: { ...filter.resources, kinds } } : filter;
  const { any, all } = match;
  return {
    ...match,
    ...rename(match),
    any: any?.map(rename),
    all: all?.map(rename),
  };
}

/**
 * Where the rule's texts look: at the object of the request, or in CEL at the object itself. The workload's own name and
 * namespace stay, since templates have none.
 */
function shiftFor({ validate }: KyvernoRule, template: TemplateOf): (text: string) => string {
  if (validate?.cel) return (text) => shiftExpression(text, template);
  const reference = /\b(request\.object|request\.oldObject)\.(spec|metadata)(?!\.(?:name|namespace)\b)/g;
  return (text) =>
    text.replaceAll(reference, (_, root: string, part: string) => `${root}.${TEMPLATES[template]}.${part}`);
}

/** Patterns are put where the template stands. */
function wrapped<T extends Pick<KyvernoRule, 'validate'>>(body: T, template: TemplateOf): T {
  const { validate } = body;
  if (!validate) return body;
  const wrap = (pattern: Json): Json =>
    TEMPLATES[template].split('.').reduceRight<Json>((inner, step) => ({ [step]: inner }), pattern);
  const { pattern, anyPattern } = validate;
  return {
    ...body,
    validate: {
      ...validate,
      ...(pattern === undefined ? {} : { pattern: wrap(pattern) }),
      ...(Array.isArray(anyPattern) ? { anyPattern: anyPattern.map(wrap) } : {}),
    },
  };
}
