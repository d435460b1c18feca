import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childrenOf, childText, readXml } from './read-xml.ts';

describe('readXml', () => {
  it('reads elements, attributes in either quotes, text, CDATA and entities', () => {
    const root = readXml(
      '<?xml version="1.0"?><!DOCTYPE a><!-- <b> --><p:a x="1 &gt; 0" y=\'"\'><b>t &#65;<![CDATA[<&]]></b><b/></p:a>',
    );
    expect([root?.name, ...root!.attributes]).toEqual(['a', ['x', '1 > 0'], ['y', '"']]);
    expect(childrenOf(root, 'b').map(({ text }) => text)).toEqual(['t A<&', '']);
    expect(childText(root, 'c')).toBeUndefined();
  });

  it.each(['', 'text', '<a>', '<a></b>', '<a/><b/>', '<a', '<!-- ', '<a>'.repeat(1000) + '</a>'.repeat(1000)])(
    'is undefined for what is no document (%#)',
    (text) => {
      expect(readXml(text)).toBeUndefined();
    },
  );

  it('declares no entities, so that none grows', () => {
    expect(readXml('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')?.text ?? '').not.toContain('c');
  });

  it('answers any text without an exception', () => {
    const pieces = fc.array(
      fc.constantFrom('<a', '>', '</a>', '/>', '&', '"', "'", '<!--', '-->', ' x=', 't', '<![CDATA['),
    );
    fc.assert(fc.property(pieces, (parts) => readXml(parts.join('')) !== null));
    fc.assert(fc.property(fc.string(), (text) => readXml(text) !== null));
  });
});
