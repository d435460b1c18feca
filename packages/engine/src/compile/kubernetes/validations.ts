import type { JsonObject } from '@breakwater/model';
import type { Expression, RuleExpressions } from '../cel/expressions.ts';
import { renameFree } from '../cel/rename.ts';
import type { CompiledExceptions } from './exceptions.ts';
import { nameIn } from './match-constraints.ts';

/** What validations are made with. */
export interface ValidationContext {
  /** What stands for each fact: `variables.containers` for `containers`. */
  texts: Readonly<Record<string, string>>;
  /** Conditions without which the policy has nothing to say, where they cannot stand before it. */
  guards: readonly string[];
  /** Exceptions for images. */
  exceptions: CompiledExceptions['images'];
  /** Said where a message cannot be made. */
  title: string;
}

/** The validation of a rule: an expression that is true where all is well, and one that says what is not. */
export function validationOf(rule: RuleExpressions, context: ValidationContext): JsonObject {
  const { expression, message } = rule.each === undefined ? ofObject(rule, context) : ofElements(rule, context);
  const { guards } = context;
  const holds = guards.map((guard) => `(${guard})`).join(' && ');
  return {
    expression: guards.length === 0 ? expression : `${holds} ? ${expression} : true`,
    message: context.title.replaceAll(/\s+/g, ' '),
    messageExpression: message,
  };
}

interface Written {
  expression: string;
  message: string;
}

const rename = ({ source, root }: Expression, { texts }: ValidationContext): string => renameFree(source, texts, root);

const isName = (condition: string): boolean => /^[\w.]+$/.test(condition);

/** The opposite of a condition, of type bool. */
const denied = (condition: string): string => (isName(condition) ? `!${condition}` : `!(${condition})`);

/** The opposite of a condition, of any type, without more signs than it takes. */
const not = (condition: string): string => {
  const inside = condition.startsWith('!') ? condition.slice(1) : '';
  return isName(inside) ? inside : denied(condition);
};

/** The message as API servers want it: of type string. */
const messageOf = ({ message }: RuleExpressions, context: ValidationContext): string => {
  const text = rename(message, context);
  return message.type === 'string' ? text : `string(${text})`;
};

function ofObject(rule: RuleExpressions, context: ValidationContext): Written {
  const condition = rename(rule.condition, context);
  const holds = !rule.wanted
    ? denied(condition)
    : rule.condition.type === 'bool'
      ? condition
      : `(${condition}) ? true : false`;
  const covered = context.exceptions.map(({ outer, patterns }) => and(outer, imagesAre(patterns, context)));
  const expression = covered.length === 0 ? holds : [...covered, `(${holds})`].join(' || ');
  return { expression, message: messageOf(rule, context) };
}

/** Whether every container runs one of the images. */
const imagesAre = (patterns: readonly string[], { texts }: ValidationContext): string =>
  `${texts['containers']}.all(c, ${nameIn('c.image', patterns)})`;

/** An item that names an image is about that one alone, any other about the images of the whole pod. */
const imageOfItemIs = (patterns: readonly string[], context: ValidationContext): string =>
  `(type(item) == map && has(item.image) ? ${nameIn('item.image', patterns)} : ${imagesAre(patterns, context)})`;

const and = (outer: string, inner: string): string => (outer === '' ? `(${inner})` : `(${outer} && ${inner})`);

/** All elements must be well; the message tells of each that is not. */
function ofElements(rule: RuleExpressions, context: ValidationContext): Written {
  const condition = rename(rule.condition, context);
  const message = messageOf(rule, context);
  const holds = rule.wanted ? condition : not(condition);
  const fails = rule.wanted ? not(condition) : condition;
  const covered = context.exceptions.map(({ outer, patterns }) =>
    and(outer, typeof rule.each === 'object' ? imageOfItemIs(patterns, context) : nameIn('c.image', patterns)),
  );
  const isWell = [...covered, covered.length === 0 ? holds : `(${holds})`].join(' || ');
  const uncovered = covered.map((condition) => `!${condition} && `).join('');
  const isFaulty = `${uncovered}${uncovered === '' ? fails : `(${fails})`}`;
  if (typeof rule.each === 'object') {
    const list = `(${rename(rule.each, context)})`;
    return {
      expression: `${list}.all(key, item, ${isWell})`,
      message: `${list}.transformList(key, item, ${isFaulty}, ${message}).join('; ')`,
    };
  }
  const list = context.texts['containers'];
  return {
    expression: `${list}.all(c, ${isWell})`,
    message: `${list}.filter(c, ${isFaulty}).map(c, ${message}).join('; ')`,
  };
}
