import { expect, test } from 'vitest';
import { parseXml, type XmlElement } from './xml-parser.ts';

/** The tree as nested arrays: name, text, children. */
const outline = ({ name, text, children }: XmlElement): unknown[] => [name, text, ...children.map(outline)];

test('elements, namespaces, text, entities, CDATA and comments', () => {
  const xml = `\ufeff<?xml version="1.0"?><!-- a --><s3:Delete xmlns:s3="u"><Key a='1' b="&lt;2">a &amp; b&#128512;&#x41;</Key><Key/><Key><![CDATA[<x>]]></Key></s3:Delete>\n`;
  expect(outline(parseXml(xml))).toEqual(['Delete', '', ['Key', 'a & b😀A'], ['Key', ''], ['Key', '<x>']]);
  expect([...(parseXml(xml).children[0]?.attributes ?? [])]).toEqual([
    ['a', '1'],
    ['b', '<2'],
  ]);
});

test.each([
  ['nothing', ''],
  ['text only', 'hello'],
  ['an element that is not closed', '<a><b></b>'],
  ['crossed elements', '<a><b></a></b>'],
  ['two roots', '<a/><b/>'],
  ['text after the root', '<a/>x'],
  ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
  ['an unknown entity', '<a>&nope;</a>'],
  ['a bare ampersand', '<a>b & c</a>'],
  ['an attribute without value', '<a b></a>'],
  ['depth without end', '<a>'.repeat(100) + '</a>'.repeat(100)],
])('%s is refused', (_case, xml) => {
  expect(() => parseXml(xml)).toThrow('not well-formed XML');
});
