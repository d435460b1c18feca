import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePatch } from './parse-patch.ts';

const PATCH = `diff --git a/k8s/cart.yaml b/k8s/cart.yaml
--- a/k8s/cart.yaml
+++ b/k8s/cart.yaml
@@ -3,3 +3,3 @@
 spec:
-  automountServiceAccountToken: true
+  automountServiceAccountToken: false
   containers:
`;

describe('parsePatch', () => {
  it('shows the file, the place and the lines, and marks what differs', () => {
    const lines = parsePatch(PATCH);
    expect(lines.map(({ kind }) => kind)).toEqual(['file', 'place', 'same', 'removed', 'added', 'same']);
    expect(lines[0]?.stretches[0]?.text).toBe('k8s/cart.yaml');
    expect(lines[3]?.stretches.filter(({ marked }) => marked).map(({ text }) => text)).toEqual(['tru']);
    expect(lines[4]?.stretches.filter(({ marked }) => marked).map(({ text }) => text)).toEqual(['fals']);
  });

  it('says when a file is new or goes', () => {
    expect(parsePatch('--- /dev/null\n+++ b/np.yaml\n@@ -0,0 +1 @@\n+a\n')[0]?.stretches[0]?.text).toBe(
      'np.yaml (new)',
    );
    expect(parsePatch('--- a/np.yaml\n+++ /dev/null\n')[0]?.stretches[0]?.text).toBe('np.yaml (removed)');
  });

  it('keeps every character of every line', () => {
    const body = fc.array(fc.tuple(fc.constantFrom('+', '-', ' '), fc.stringMatching(/^[a-z :]{1,20}$/)), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(body, (drawn) => {
        const text = drawn.map(([mark, line]) => `${mark}${line}\n`).join('');
        const read = parsePatch(`@@ -1 +1 @@\n${text}`).slice(1);
        const expected = drawn.filter(([mark, line]) => !/^(?:\+\+\+ |--- )/.test(mark + line));
        fc.pre(expected.length === drawn.length);
        expect(read.map(({ stretches }) => stretches.map((stretch) => stretch.text).join(''))).toEqual(
          drawn.map(([, line]) => line),
        );
      }),
    );
  });
});
