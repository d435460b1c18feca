import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { global, member } from './functions/declaration.ts';
import { tabulate } from './functions/index.ts';
import {
  type Authorization,
  Authorizer,
  CelError,
  CelUnknown,
  compileExpression,
  formatCelValue,
  type Value,
} from './index.ts';
import { DYN, STRING } from './types.ts';

const evaluate = (source: string, bindings: Record<string, unknown> = {}): Value =>
  compileExpression(source, { variables: Object.keys(bindings) }).evaluate(bindings);

describe('libraries of Kubernetes', () => {
  it.each([
    ["quantity('1.5Gi').compareTo(quantity('1536Mi')) == 0 && quantity('200m').isLessThan(quantity('1'))"],
    ["quantity('1e3') == quantity('1k') && quantity('0.5k').asInteger() == 500 && quantity('-1').sign() == -1"],
    ["!isQuantity('1,3G') && !isQuantity('200K') && !isQuantity('') && !isQuantity('.') && isQuantity('+.5')"],
    ["quantity('50k').add(20).sub(quantity('100k')).sub(-50000) == quantity('20')"],
    ["!quantity('1.5').isInteger() && quantity('1.5').asApproximateFloat() == 1.5"],
    ["quantity('1e999999').isGreaterThan(quantity('1e-999999')) && quantity('1n').sign() == 1"],
    ["ip('::1').isLoopback() && ip('::').isUnspecified() && ip('ff02::1').isLinkLocalMulticast()"],
    ["string(ip('2001:DB8:0:0:1:0:0:1')) == '2001:db8::1:0:0:1' && !ip.isCanonical('2001:DB8::')"],
    ["!isIP('::ffff:1.2.3.4') && !isIP('fe80::1%eth0') && !isIP('01.2.3.4') && !isIP('1.2.3') && !isIP('1::2::3')"],
    ["!ip('255.255.255.255').isGlobalUnicast() && ip('fd00::1').isGlobalUnicast() && ip('1.2.3.4') != ip('::102:304')"],
    ["cidr('10.0.0.0/8').containsIP('10.255.0.1') && !cidr('10.0.0.0/8').containsIP('::1')"],
    ["cidr('0.0.0.0/0').containsCIDR('10.0.0.0/8') && !cidr('10.0.0.0/8').containsCIDR('0.0.0.0/0')"],
    ["string(cidr('10.1.2.3/8').masked()) == '10.0.0.0/8' && cidr('10.1.2.3/8').ip() == ip('10.1.2.3')"],
    ["!isCIDR('10.0.0.0/33') && !isCIDR('10.0.0.0') && !isCIDR('10.0.0.0/08')"],
    ["url('https://user@[::1]:80/a%20b?x=1&x=2&y=').getQuery() == {'x': ['1', '2'], 'y': ['']}"],
    ["url('https://user@[::1]:80/a%20b').getHost() == '[::1]:80' && url('http://[::1]:80/').getHostname() == '::1'"],
    ["url('http://x.y:8080/a b').getEscapedPath() == '/a%20b' && url('/path').getScheme() == ''"],
    ["!isURL('../path') && !isURL('') && !isURL('http://x:port/') && !isURL('http://a b/') && isURL('/')"],
    ["semver('1.0.0-alpha.1').isLessThan(semver('1.0.0-alpha.beta')) && semver('1.0.0+a') == semver('1.0.0+b')"],
    ["semver('v01.2', true) == semver('1.2.0') && !isSemver('v1.0.0') && !isSemver('1.0-rc', true)"],
    ["'a1b22'.findAll('[0-9]+') == ['1', '22'] && 'a1b22'.findAll('[0-9]+', 1) == ['1'] && 'x'.find('y') == ''"],
    [
      "format.qualifiedName().validate('example.com/a/b').hasValue() && !format.qualifiedName().validate('a.b/c').hasValue()",
    ],
    ["format.dns1123LabelPrefix().validate('a-') == optional.none() && format.named('no').hasValue() == false"],
    [
      "format.date().validate('2023-02-29').hasValue() && !format.datetime().validate('2024-02-29T23:59:59Z').hasValue()",
    ],
    ["jsonpatch.escapeKey('a/b~c') == 'a~1b~0c'"],
    ["[1, 2, 3].includes(2) && ['b', 'a'].sort() == ['a', 'b'] && [3, 1].sortBy(x, -x) == [3, 1]"],
    ['[1, [2, [3]]].flatten() == [1, 2, [3]] && [1, 2, 1].distinct() == [1, 2] && [1, 2, 3].slice(1, 2) == [2]'],
    ["{'a': 1}.transformMapEntry(k, v, {v: k}) == {1: 'a'} && ['a'].transformList(i, v, string(i) + v) == ['0a']"],
    ["{'a': {'b': 1}}.?a.?b.orValue(2) == 1 && {}.?a.b.c.orValue(2) == 2 && [1][?3].orValue(0) == 0"],
    ["base64.decode(base64.encode(b'\\xff\\x00')) == b'\\xff\\x00' && math.bitShiftRight(-1, 60) == 15"],
    ["'%s=%d %x'.format(['a', 7, 255]) == 'a=7 ff' && strings.quote('a\"') == '\"a\\\\\"\"'"],
  ])('%s', (source) => expect(evaluate(source)).toBe(true));

  it.each([
    "quantity('10Mo')",
    "quantity('9999999999999999999999999999999999999G').asInteger()",
    "ip('1.2.3.4.5')",
    "cidr('10.0.0.0')",
    "cidr('10.0.0.0/8').containsIP('x')",
    "url('no url')",
    "semver('1.0')",
    "semver('01.0.0')",
    'optional.none().value()',
    "{'a': 1, 'b': 1}.transformMapEntry(k, v, {v: k})",
    "'a'.find('(')",
    "'%d'.format(['a'])",
    "'%s'.format([])",
    "base64.decode('?')",
    'math.bitShiftLeft(1, -1)',
    '[1].slice(0, 2)',
  ])('%s is an error', (source) => expect(evaluate(source)).toBeInstanceOf(CelError));

  it.each([
    ["isIP(cidr('10.0.0.0/8'))", 'net.CIDR'],
    ['isQuantity([1])', 'list\\(int\\)'],
    ["semver('v1.0', 'x')", 'string, string'],
    ["'a'.isLoopback()", 'string'],
  ])('%s is refused before evaluation', (source, types) => {
    expect(() => evaluate(source)).toThrow(new RegExp(`no matching overload.*${types}`));
  });

  it('write quantities in canonical form', () => {
    const sum = (a: string, b: string): string | undefined =>
      formatCelValue(evaluate(`quantity('${a}').add(quantity('${b}'))`));
    expect([sum('1Gi', '512Mi'), sum('1', '500m'), sum('1k', '1k'), sum('1Ki', '1'), sum('0', '0')]).toEqual([
      '1536Mi',
      '1500m',
      '2k',
      '1025',
      '0',
    ]);
  });

  it('read and write every address alike', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const value = evaluate('isIP(text) ? optional.of(ip(text)) : optional.none()', { text });
        expect(value).not.toBeInstanceOf(CelError);
        expect(
          evaluate('!isIP(text) || ip(string(ip(text))) == ip(text) && ip.isCanonical(string(ip(text)))', { text }),
        ).toBe(true);
      }),
    );
  });

  it('answer hostile texts at once', () => {
    const text = 'a'.repeat(100_000);
    const begun = performance.now();
    for (const source of [
      'isQuantity(text)',
      'isIP(text + ":")',
      'isURL("http://" + text)',
      'isSemver(text)',
      'isSemver("1.0.0-" + text, true)',
      'format.dns1123Subdomain().validate(text + "!").hasValue()',
      'format.byte().validate(text + "!").hasValue()',
      'text.findAll("(a+)+$").size() > 0',
      '(text + "!").matches("(a+)+$")',
      '"%s".format([text]).size() > 0',
    ]) {
      expect(typeof evaluate(source, { text }), source).toBe('boolean');
    }
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});

describe('the authorizer', () => {
  const asked: Authorization[] = [];
  const authorizer = new Authorizer((question) => {
    asked.push(question);
    if (question.verb === 'unknown') return new CelUnknown(['rbac']);
    return question.verb === 'get' ? { allowed: true, reason: 'a rule' } : { allowed: false, error: 'away' };
  });
  const ask = (source: string): Value =>
    compileExpression(source, { variables: { authorizer: 'kubernetes.authorization.Authorizer' } }).evaluate({
      authorizer,
    });

  it('is answered by the look-up that the caller supplies', () => {
    expect(ask("authorizer.group('apps').resource('deployments').namespace('a').check('get').allowed()")).toBe(true);
    expect(asked.at(-1)).toEqual({ group: 'apps', resource: 'deployments', namespace: 'a', verb: 'get' });
    expect(ask("authorizer.serviceAccount('a', 'b').path('/healthz').check('get').reason()")).toBe('a rule');
    expect(asked.at(-1)).toEqual({ user: 'system:serviceaccount:a:b', path: '/healthz', verb: 'get' });
    expect(ask("authorizer.path('/').check('put').errored()")).toBe(true);
  });

  it('is unknown where the look-up is, and refuses what is no name', () => {
    expect(ask("authorizer.path('/').check('unknown').allowed()")).toBeInstanceOf(CelUnknown);
    expect(ask("authorizer.path('/').check('unknown').allowed() || true")).toBe(true);
    expect(ask("authorizer.serviceAccount('A!', 'b').path('/').check('get').allowed()")).toBeInstanceOf(CelError);
    expect(ask("authorizer.path(' ')")).toBeInstanceOf(CelError);
  });

  it('can be paid for twice', () => {
    const twice = "authorizer.path('/').check('get').allowed()";
    expect(ask(`${twice} && ${twice}`)).toBe(true);
    expect(ask(`${twice} && ${twice} && ${twice}`)).toBeInstanceOf(CelError);
  });
});

describe('what is no optional', () => {
  it.each([
    ['object.list.orValue([])', [1]],
    ['object.list.or(optional.of([]))', [1]],
    ['object.none.orValue(1)', null],
    ['object.?missing.orValue(2)', 2],
  ])('is given as it is by %s, as cel-go does where types are not known', (source, expected) => {
    expect(evaluate(source, { object: { list: [1], none: null } })).toEqual(expected);
  });

  it('stays an error where it is missing', () => {
    expect(evaluate('object.missing.orValue(1)', { object: {} })).toBeInstanceOf(CelError);
  });
});

describe('functions that a caller adds', () => {
  const functions = tabulate([
    global('team.of', [STRING], STRING, (_, name: string) => `team-${name}`),
    member('Get', [DYN, STRING], DYN, () => new CelUnknown(['elsewhere'])),
  ]);
  const variables = ['store'];

  it('are called, checked, and known to no other expression', () => {
    const compile = (source: string) => compileExpression(source, { variables, functions });
    expect(compile("team.of('a') + '!'").evaluate({})).toBe('team-a!');
    expect(compile("store.Get('a').size() > 0").evaluate({ store: {} })).toEqual(new CelUnknown(['elsewhere']));
    expect(() => compile('team.of(1)')).toThrow(/no matching overload/);
    expect(() => compileExpression("team.of('a')", { variables })).toThrow();
  });
});
