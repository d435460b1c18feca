import { formatPurl, parsePurl } from '@breakwater/model/purl';
import { productNames } from '../../../packages/engine/src/matching/product-names.ts';
import { versionOrders } from '../../../packages/engine/src/matching/versions/index.ts';
import { compileExpression, ExpressionError } from '../../../packages/engine/src/policy/cel/index.ts';
import { decodeRanges, encodeRanges } from '../../../packages/sources/src/advisories/range-text.ts';
import { scoreVector } from '../../../packages/sources/src/advisories/rate-record.ts';
import { parseChallenges } from '../../../packages/sources/src/images/registry/challenge.ts';
import { formatReference, parseReference } from '../../../packages/sources/src/images/registry/reference.ts';
import type { FuzzTarget, Seed } from '../target.ts';

const texts = (...list: string[]): Seed[] => list.map((text) => ({ label: 'text', bytes: Buffer.from(text) }));
const textOf = ({ bytes }: Seed): string => Buffer.from(bytes).toString('utf8');
const none = (): undefined => undefined;

/** Short texts: names, versions, headers, expressions. */
export const textTargets: FuzzTarget[] = [
  {
    name: 'versions',
    seeds: () =>
      texts(
        '1.0\n1.0.1',
        '1:2.3-4+deb12u1~rc1\n2.3-4',
        '1.2.3-rc.1+build\n1.2.3',
        'v0.0.0-20200101000000-abcdefabcdef\nv1',
        '1!2.0.post1.dev3+local\n2.0a1',
        '1.0-SNAPSHOT\n1.0-alpha-1',
        '1.2_p1-r3\n1.2_git2020',
        '1.0.0.0\n1.0',
      ),
    parse(input) {
      const [left = '', right = ''] = textOf(input).split('\n');
      for (const { ecosystems, parse, compare } of versionOrders)
        holdOrder(ecosystems[0]!, parse, compare, left, right);
    },
    labelOf: none,
  },
  {
    name: 'purl',
    seeds: () =>
      texts(
        'pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12&upstream=glibc',
        'pkg:npm/%40scope/name@1.0.0#sub/path',
        'pkg:golang/github.com/a/b/v2@v2.0.0',
      ),
    parse(input) {
      const purl = parsePurl(textOf(input));
      if (purl !== undefined && parsePurl(formatPurl(purl)) === undefined)
        throw new Error('what was written cannot be read');
    },
    labelOf: none,
  },
  {
    name: 'cpe',
    seeds: () => texts('cpe:2.3:a:nginx:nginx:1.2\\+cgr:*:*:*:*:*:*:*', 'cpe:/a:b:c:1'),
    parse(input) {
      const [cpe = ''] = [textOf(input)];
      productNames({
        id: 'a',
        purl: 'pkg:generic/a@1',
        type: 'generic',
        name: 'a',
        version: '1',
        path: '',
        licences: [],
        files: [],
        cpes: [cpe],
      } as never);
    },
    labelOf: none,
  },
  {
    name: 'cvss',
    seeds: () =>
      texts(
        'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
        'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
        'AV:N/AC:L/Au:N/C:P/I:P/A:P',
      ),
    parse(input) {
      const score = scoreVector(textOf(input));
      if (score !== undefined && !(score >= 0 && score <= 10)) throw new Error(`score of ${score}`);
    },
    labelOf: none,
  },
  {
    name: 'advisory-ranges',
    seeds: () => texts(encodeRanges([{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.2' }] }])),
    parse: (input) => decodeRanges(textOf(input)),
    labelOf: none,
  },
  {
    name: 'registry-challenge',
    seeds: () =>
      texts(
        'Bearer realm="https://auth.example/token",service="registry",scope="repository:a:pull"',
        'Basic realm="a \\" b", Negotiate, Bearer realm=x',
      ),
    parse: (input) => parseChallenges(textOf(input)),
    labelOf: none,
  },
  {
    name: 'image-reference',
    seeds: () =>
      texts('ghcr.io/a/b-c_d:1.2@sha256:'.concat('0'.repeat(64)), 'localhost:5000/a', '[::1]:5000/a:b', 'nginx'),
    parse(input) {
      const reference = parseReference(textOf(input));
      if (reference === undefined) return;
      const again = parseReference(formatReference(reference));
      if (again === undefined || formatReference(again) !== formatReference(reference))
        throw new Error('what was written reads differently');
    },
    labelOf: none,
  },
  {
    name: 'cel',
    seeds: () =>
      texts(
        'object.spec.containers.all(c, c.image.matches("^[a-z]+:.+$") && !has(c.x))',
        '[1, 2u, 3.0].map(x, x * 2).exists(y, y in {1: "a"})',
        'size("a" + b\'c\') > 0 ? duration("1h") : timestamp("2020-01-01T00:00:00Z")',
        "'a,b'.split(',').join('-').lowerAscii().replace('a', \"\\u00e9\")",
      ),
    parse(input) {
      try {
        compileExpression(textOf(input), { variables: ['object'], costLimit: 200_000 }).evaluate({ object: SUBJECT });
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
      }
    },
    labelOf: none,
    floor: 1000,
  },
];

const SUBJECT = { spec: { containers: [{ name: 'a', image: 'b:1' }], replicas: 3 } };

function holdOrder<T>(
  name: string,
  parse: (text: string) => T | undefined,
  compare: (a: T, b: T) => number,
  left: string,
  right: string,
): void {
  const [a, b] = [parse(left), parse(right)];
  if (a !== undefined && compare(a, a) !== 0) throw new Error(`${name}: ${left} is not equal to itself`);
  if (a === undefined || b === undefined) return;
  if (Math.sign(compare(a, b)) + Math.sign(compare(b, a)) !== 0)
    throw new Error(`${name}: no order between ${left} and ${right}`);
}
