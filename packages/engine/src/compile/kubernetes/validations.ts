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
  const covered = context.exceptions.map(({ outer, patterns }) =>
    and(outer, `${context.texts['containers']}.all(c, ${nameIn('c.image', patterns)})`),
  );
  const expression = covered.length === 0 ? holds : [...covered, `(${holds})`].join(' || ');
  return { expression, message: messageOf(rule, context) };
}

const and = (outer: string, inner: string): string => (outer === '' ? `(${inner})` : `(${outer} && ${inner})`);

/** All elements must be well; the message tells of each that is not. */
function ofElements(rule: RuleExpressions, context: ValidationContext): Written {
  const condition = rename(rule.condition, context);
  const message = messageOf(rule, context);
  const holds = rule.wanted ? condition : not(condition);
  const fails = rule.wanted ? not(condition) : condition;
  if (typeof rule.each === 'object') {
    const list = `(${rename(rule.each, context)})`;
    return {
      expression: `${list}.all(key, item, ${holds})`,
      message: `${list}.transformList(key, item, ${fails}, ${message}).join('; ')`,
    };
  }
  const list = context.texts['containers'];
  const covered = context.exceptions.map(({ outer, patterns }) => and(outer, nameIn('c.image', patterns)));
  const uncovered = covered.map((condition) => `!${condition} && `).join('');
  return {
    expression: `${list}.all(c, ${[...covered, covered.length === 0 ? holds : `(${holds})`].join(' || ')})`,
    message: `${list}.filter(c, ${uncovered}${uncovered === '' ? fails : `(${fails})`}).map(c, ${message}).join('; ')`,
  };
}
