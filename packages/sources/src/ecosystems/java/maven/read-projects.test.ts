import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../ecosystem.ts';
import { java } from '../java.ts';

const item = (name: string, version = '', more = ''): string => {
  const stated = version === '' ? '' : `<version>${version}</version>`;
  return `<dependency><groupId>g</groupId><artifactId>${name}</artifactId>${stated}${more}</dependency>`;
};
const pom = (name: string, ...parts: string[]): string =>
  `<project><groupId>g</groupId><artifactId>${name}</artifactId><version>1</version>${parts.join('')}</project>`;
const needs = (...items: string[]): string => `<dependencies>${items.join('')}</dependencies>`;
const manages = (...items: string[]): string => `<dependencyManagement>${needs(...items)}</dependencyManagement>`;
const parent = (name: string, path = ''): string =>
  `<parent><groupId>g</groupId><artifactId>${name}</artifactId><version>1</version>${path}</parent>`;
const IMPORT = '<type>pom</type><scope>import</scope>';
const published = (name: string, version: string): string => `m2/g/${name}/${version}/${name}-${version}.pom`;

function read(files: Record<string, string>): Inventory {
  const items = Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
  return java.parse(items, { target: 'test' });
}

const shipped = ({ components }: Inventory, path = '/pom.xml'): string[] =>
  components
    .filter((component) => component.path === path && component.relationship !== 'root' && !component.development)
    .map(({ name, version }) => `${name.slice(2)} ${version}`);

describe('projects of Maven', () => {
  it('take of two versions the nearer one, and of equally near ones the first', () => {
    const files = {
      'pom.xml': pom('app', needs(item('a', '1'), item('b', '1'))),
      [published('a', '1')]: pom('a', needs(item('deep', '1'), item('c', '1'))),
      [published('b', '1')]: pom('b', needs(item('c', '2'))),
      [published('deep', '1')]: pom('deep', needs(item('b', '9'))),
      [published('c', '1')]: pom('c'),
    };
    expect(shipped(read(files))).toEqual(['a 1', 'b 1', 'deep 1', 'c 1']);
  });

  it('take a version that is required whatever else was taken before, and what it needs instead', () => {
    const files = {
      'pom.xml': pom('app', needs(item('c', '1'), item('a', '1'))),
      [published('c', '1')]: pom('c', needs(item('old', '1'))),
      [published('c', '2')]: pom('c', needs(item('new', '1'))),
      [published('a', '1')]: pom('a', needs(item('c', '[2]'))),
    };
    expect(shipped(read(files))).toEqual(['c 2', 'a 1', 'new 1']);
  });

  it('manage what is below them: versions, scopes, exclusions; imported lists come after their own', () => {
    const files = {
      'pom.xml': pom(
        'app',
        manages(item('list', '1', IMPORT), item('b', '2'), item('t', '1', '<scope>test</scope>')),
        needs(
          item(
            'a',
            '',
            '<exclusions><exclusion><groupId>g</groupId><artifactId>x</artifactId></exclusion></exclusions>',
          ),
        ),
      ),
      [published('list', '1')]: pom('list', manages(item('a', '1'), item('b', '9'))),
      [published('a', '1')]: pom(
        'a',
        needs(item('b', '1'), item('t', '5'), item('x', '1'), item('o', '1', '<optional>true</optional>')),
      ),
      [published('b', '2')]: pom('b', needs(item('x', '1'), item('y', '1'))),
    };
    expect(shipped(read(files))).toEqual(['a 1', 'b 2', 'y 1']);
  });

  it('inherit from a parent beside them before one of a repository, with their own properties put in', () => {
    const inherited = '<properties><v>1</v></properties>';
    const files = {
      'pom.xml': pom('top', inherited, needs(item('a', `\${v}`), item('b', `\${project.version}`))),
      'app/pom.xml': `<project>${parent('top')}<artifactId>app</artifactId><properties><v>7</v></properties></project>`,
      [published('top', '1')]: pom('top', needs(item('wrong', '1'))),
    };
    expect(shipped(read(files), '/app/pom.xml')).toEqual(['a 7', 'b 1']);
  });

  it('follow projects of the same tree', () => {
    const files = {
      'one/pom.xml': pom('one', needs(item('two', `\${project.version}`))),
      'two/pom.xml': pom('two', needs(item('a', '3'))),
    };
    expect(shipped(read(files), '/one/pom.xml')).toEqual(['two 1', 'a 3']);
  });

  it('take profiles that are active by default or unless somebody sets a property', () => {
    const profile = (activation: string, name: string): string =>
      `<profile><activation>${activation}</activation>${needs(item(name, '1'))}</profile>`;
    const profiles = [
      profile('<activeByDefault>true</activeByDefault>', 'a'),
      profile('<property><name>!skip</name></property>', 'b'),
      profile('<property><name>release</name></property>', 'c'),
    ];
    expect(shipped(read({ 'pom.xml': pom('app', `<profiles>${profiles.join('')}</profiles>`) }))).toEqual([
      'a 1',
      'b 1',
    ]);
  });

  it('say with their lines where a parent is and what is named directly', () => {
    const text = `<project>\n${parent('gone')}\n<artifactId>app</artifactId><dependencies>\n\n${item('a', '1')}</dependencies></project>`;
    const { components, unknowns } = read({ 'pom.xml': text, [published('a', '1')]: pom('a') });
    expect(components.map(({ name, line }) => [name, line])).toEqual([
      ['g:app', undefined],
      ['g:a', 5],
    ]);
    expect(unknowns).toMatchObject([
      { message: expect.stringContaining('g:gone:1'), place: { path: '/pom.xml', line: 2 } },
    ]);
  });

  it('are read in the cache of Gradle too', () => {
    const text = `<project><licenses><license><name>MIT</name></license></licenses></project>`;
    const files = { 'pom.xml': pom('app', needs(item('a', '1'))), 'g/files-2.1/g/a/1/0a1b/a-1.pom': text };
    expect(read(files).components.find(({ name }) => name === 'g:a')?.licences).toEqual(['MIT']);
  });

  it('that are unpacked with their archive are no projects', () => {
    expect(read({ 'app/META-INF/maven/g/a/pom.xml': pom('a', needs(item('b', '1'))) }).components).toEqual([]);
  });

  it.each([
    ['a parent of itself', { 'pom.xml': pom('app', parent('app', '<relativePath>pom.xml</relativePath>')) }],
    [
      'lists that import each other',
      {
        'pom.xml': pom('app', manages(item('a', '1', IMPORT)), needs(item('x'))),
        [published('a', '1')]: pom('a', manages(item('b', '1', IMPORT))),
        [published('b', '1')]: pom('b', manages(item('a', '1', IMPORT))),
      },
    ],
    ['a project that needs itself', { 'pom.xml': pom('app', needs(item('app', '1'))) }],
  ])('end at %s', (_, files) => {
    expect(read(files).components.length).toBeGreaterThan(0);
  });

  it('end in time where a thousand lists import each other and hundreds of projects need them all', () => {
    const files: Record<string, string> = {};
    for (let index = 0; index < 1000; index++) {
      files[published(`l${index}`, '1')] = pom(
        `l${index}`,
        manages(item(`l${index + 1}`, '1', IMPORT)),
        needs(item(`l${index + 1}`, '1')),
      );
    }
    for (let index = 0; index < 300; index++) {
      files[`p${index}/pom.xml`] = pom(
        'same',
        manages(item('l0', '1', IMPORT)),
        needs(item('l0', '1'), item('same', '2')),
      );
    }
    const started = performance.now();
    const { unknowns } = read(files);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(unknowns.length).toBeGreaterThan(0);
  });

  it('of any shape are answered with packages and unknowns', () => {
    const part = fc.constantFrom(
      ...[
        '<project>',
        '</project>',
        parent('app'),
        parent('b'),
        '<groupId>',
        '</groupId>',
        '<version>[1,',
        '</version>',
      ],
      ...[
        `<properties><a>\${b}</a><b>\${a}\${a}</b></properties>`,
        needs(item('a', `\${a}`), item('b', '[1]')),
        '<__proto__>',
      ],
      ...[
        manages(item('b', '1', IMPORT)),
        '<modules><module>..</module><module></module></modules>',
        '<profiles/>',
        'x',
      ],
    );
    const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (one, two) => {
        const wrapped = { 'pom.xml': `<project>${one}</project>`, [published('b', '1')]: `<project>${two}</project>` };
        const { components, unknowns } = read({ ...wrapped, 'x/pom.xml': one });
        expect(components.length + unknowns.length).toBeGreaterThanOrEqual(0);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
