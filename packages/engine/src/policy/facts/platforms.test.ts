import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { CelUnknown, compileExpression } from '../cel/index.ts';
import { isPlatformKind, withUnknownFields } from './platforms.ts';

const object = (container: JsonObject): JsonObject => ({
  kind: 'ComposeService',
  spec: { template: { spec: { containers: [{ name: 'web', ...container }] } } },
});
const POD = ['spec', 'template', 'spec'];

function evaluate(expression: string, fields: { pointer: (string | number)[]; reason: string }[], container = {}) {
  const bindings = { object: withUnknownFields(object(container), fields) };
  return compileExpression(expression, { variables: ['object'] }).evaluate(bindings);
}

describe('withUnknownFields', () => {
  const user = {
    pointer: [...POD, 'containers', 0, 'securityContext', 'runAsNonRoot'],
    reason: 'the user of the image',
  };

  it('makes a field unknown, also where nothing around it is there', () => {
    const value = evaluate('object.spec.template.spec.containers[0].securityContext.runAsNonRoot', [user]);
    expect(value).toBeInstanceOf(CelUnknown);
    expect((value as CelUnknown).$missing).toEqual(['the user of the image']);
    expect(evaluate('has(object.spec.template.spec.containers[0].securityContext.runAsUser)', [user])).toBe(false);
  });

  it('leaves nothing below what is unknown', () => {
    const whole = { pointer: [...POD, 'containers', 0, 'securityContext'], reason: 'x' };
    const value = evaluate('has(object.spec.template.spec.containers[0].securityContext.privileged)', [whole, user]);
    expect(value).toBeInstanceOf(CelUnknown);
  });

  it('does not know what only Kubernetes could have said, unless it is said', () => {
    expect(evaluate('has(object.spec.template.spec.affinity)', [])).toBeInstanceOf(CelUnknown);
    expect(evaluate('has(object.spec.template.spec.hostPID)', [])).toBe(false);
    const said = evaluate('object.spec.template.spec.containers[0].imagePullPolicy', [], { imagePullPolicy: 'Always' });
    expect(said).toBe('Always');
  });

  it('leaves the object as it is', () => {
    const given = object({});
    withUnknownFields(given, [user]);
    expect(given).toEqual(object({}));
  });
});

it('knows the kinds of other platforms', () => {
  expect(['ComposeService', 'SwarmService', 'TaskDefinition', 'MarathonApp', 'MarathonPod'].every(isPlatformKind)).toBe(
    true,
  );
  expect(['Pod', 'constructor', ''].some(isPlatformKind)).toBe(false);
});
