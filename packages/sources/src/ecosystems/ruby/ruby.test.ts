import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGemspec } from './gemspec.ts';
import { ruby } from './ruby.ts';

const parse = (path: string, content: string) =>
  ruby.parse([{ path, bytes: Buffer.from(content) }], { target: 'image.tar' });

describe('ruby', () => {
  it.each([
    ['usr/lib/ruby/gems/3.1.0/specifications/rake-13.0.6.gemspec', true],
    ['usr/lib/ruby/gems/3.1.0/specifications/default/uri-0.12.gemspec', true],
    ['usr/share/rubygems-integration/all/specifications/rake-13.0.6.gemspec', true],
    ['usr/local/bundle/gems/rake-13.0.6/rake.gemspec', false],
    ['app/mine.gemspec', false],
    ['Gemfile.lock', true],
    ['app/gems.locked', true],
    ['usr/local/bundle/gems/rake-13.0.6/Gemfile.lock', false],
  ])('wants %s: %s', (path, wanted) => expect(ruby.wants(path)).toBe(wanted));

  it('names the line of a gem that it cannot read, and reads the rest', () => {
    const { components, unknowns } = parse('Gemfile.lock', 'GEM\n  specs:\n    a (1.0)\n    b\n    c (2.0.pre)\n');
    expect(components.map(({ name, version }) => `${name}@${version}`)).toEqual(['a@1.0', 'c@2.0.pre']);
    expect(unknowns).toMatchObject([{ code: 'package-incomplete', place: { line: 4 } }]);
  });

  it('takes gems only from sections that list them', () => {
    const text = 'CHECKSUMS\n    a (1.0)\nDEPENDENCIES\n    b (1.0)\nPATH\n  specs:\n    c (1.0)!\n';
    expect(parse('Gemfile.lock', text).components.map(({ name }) => name)).toEqual(['c']);
  });

  it.each([
    ['a computed version', 'Gem::Specification.new do |s|\n  s.name = "a"\n  s.version = VERSION\nend'],
    ['a name with a slash', 'Gem::Specification.new do |s|\n  s.name = "../a"\n  s.version = "1"\nend'],
    ['no specification', 'puts 1'],
  ])('says of a gem with %s that it is not known', (_, text) => {
    const inventory = parse('specifications/a-1.gemspec', text);
    expect(inventory).toMatchObject({ components: [], unknowns: [{ code: 'package-incomplete' }] });
  });

  it('reads any specification without an exception', () => {
    const part = fc.constantFrom(
      'Gem::Specification.new do |s|\n',
      's.',
      'name',
      ' = ',
      '"',
      "'",
      '[',
      '\n',
      'licenses',
    );
    fc.assert(fc.property(fc.array(part), (parts) => void parseGemspec(parts.join(''))));
  });
});
