import type { EstateMap, MapBox, MapLink } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrangeMap, BOX_HEIGHT, ROWS_SHOWN } from './arrange-map.ts';
import { choosePart } from './choose-part.ts';
import { groupNamespaces } from './group-namespaces.ts';

const box = (id: string, distance?: number, rest: Partial<MapBox> = {}): MapBox => ({
  id,
  kind: 'workloads',
  label: id,
  cluster: 'default',
  namespace: 'shop',
  points: 0,
  workloads: [{ id: `default/shop/Deployment/${id}`, kind: 'Deployment', name: id, loss: 0 }],
  notes: [],
  ...(distance === undefined ? {} : { distance, attackDistance: distance }),
  ...rest,
});
const link = (id: string, from: string[], to: string[], kind: MapLink['kind'] = 'reach'): MapLink => ({
  id,
  kind,
  from,
  to,
  phrase: '',
  reason: '',
  places: [],
});
const internet = box('internet', 0, { kind: 'origin', workloads: [], namespace: '' });
const map = (boxes: MapBox[], links: MapLink[]): EstateMap => ({ time: '', boxes, links, more: 0, notKnown: [] });
const drawn = (whole: EstateMap, mode: 'ways' | 'allowed' = 'allowed', width = 1200) =>
  arrangeMap(choosePart(whole, mode, {}), mode, width);

describe('the map', () => {
  it('puts what the Internet touches first at its left, and what nothing leads to at the end', () => {
    const { columns, boxes } = drawn(
      map([box('db', 2), box('lonely'), box('web', 1), internet], [link('e', ['internet'], ['web'], 'entry')]),
    );
    expect(columns.map(({ title }) => title)).toEqual(['Begins here', 'Touched first', 'Then', 'No way leads here']);
    expect(boxes.map(({ box: { id } }) => id)).toEqual(['internet', 'web', 'db', 'lonely']);
  });

  it('draws ways of attackers apart from what is allowed', () => {
    const whole = map(
      [internet, box('web', 1), box('db', 2)],
      [link('a', ['internet'], ['web'], 'attack'), link('r', ['web'], ['db'])],
    );
    expect(drawn(whole, 'ways').lines.map(({ link: { id } }) => id)).toEqual(['a']);
    expect(drawn(whole, 'ways').boxes.map(({ box: { id } }) => id)).toEqual(['internet', 'web']);
    expect(drawn(whole).lines.map(({ link: { id } }) => id)).toEqual(['r']);
  });

  it('keeps in a scope its workloads, and what leads to them from elsewhere', () => {
    const other = box('other', 1, { namespace: 'ops' });
    const whole = map([internet, box('web', 1), other], [link('a', ['internet'], ['web', 'other'], 'entry')]);
    const part = choosePart(whole, 'allowed', { namespace: 'ops' });
    expect(part.boxes.map(({ id }) => id)).toEqual(['internet', 'other']);
    expect(choosePart(whole, 'allowed', { namespace: 'nowhere' })).toEqual({ boxes: [], links: [] });
  });

  it('shows the first rows of a column, what is worth most on top, and counts the others', () => {
    const many = Array.from({ length: 20 }, (_, index) => box(`w${index}`, 1, { points: index }));
    const { boxes, columns, hidden } = drawn(map([internet, ...many], []));
    expect(hidden).toBe(20 - ROWS_SHOWN);
    expect(columns[0]?.title).toBe(`Touched first, ${20 - ROWS_SHOWN} more`);
    expect(boxes[0]?.box.id).toBe('w19');
  });

  it('joins the groups of a namespace, but for what is open to the outside', () => {
    const whole = map(
      [internet, box('web', 1), box('db', 2), box('jobs'), box('other', 2, { namespace: 'ops' })],
      [link('e', ['internet'], ['web'], 'entry'), link('r', ['web'], ['db', 'jobs']), link('s', ['web'], ['db'])],
    );
    const { boxes, links } = groupNamespaces(whole);
    expect(boxes.map(({ id, label, distance }) => [id, label, distance])).toEqual([
      ['internet', 'internet', 0],
      ['namespace:open:default/shop', 'shop, what is open', 1],
      ['namespace:default/shop', 'shop', 2],
      ['namespace:default/ops', 'ops', 2],
    ]);
    expect(links.map(({ id, to }) => [id, to])).toEqual([
      ['e', ['namespace:open:default/shop']],
      ['r', ['namespace:default/shop']],
    ]);
    expect(boxes.reduce((sum, { workloads }) => sum + workloads.length, 0)).toBe(4);
  });

  it('draws a thousand workloads with a bounded number of boxes and lines', () => {
    const many = Array.from({ length: 1000 }, (_, index) => box(`w${index}`, 1 + (index % 4)));
    const ids = many.map(({ id }) => id);
    const { boxes, lines } = drawn(map([internet, ...many], [link('all', ids, ids), link('e', ['internet'], ids)]));
    expect(boxes.length).toBeLessThan(40);
    expect(lines.length).toBeLessThan(100);
  });

  it('puts no box over another nor outside, whatever the map and the width', () => {
    const steps = fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 40 }), fc.integer({ min: 200, max: 2400 }), (distances, width) => {
        const boxes = distances.map((distance, index) => box(`b${index}`, distance));
        const layout = drawn(map(boxes, []), 'allowed', width);
        expect(new Set(layout.boxes.map(({ x, y }) => `${x} ${y}`)).size).toBe(layout.boxes.length);
        expect(layout.boxes.length + layout.hidden).toBe(boxes.length);
        for (const { x, y } of layout.boxes) {
          expect(x + layout.boxWidth).toBeLessThanOrEqual(layout.width);
          expect(y + BOX_HEIGHT).toBeLessThanOrEqual(layout.height);
        }
      }),
    );
  });
});
