import { describe, expect, it } from 'vitest';
import { type EvidenceDocuments, openEventIntake } from './event-intake.ts';

/** Documents in memory, as JSON like any store keeps them. */
function openDocuments(): EvidenceDocuments {
  const documents = new Map<string, string>();
  return {
    async readDocument(kind, name) {
      const text = documents.get(`${kind}/${name}`);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async writeDocument(kind, name, document) {
      documents.set(`${kind}/${name}`, JSON.stringify(document));
    },
  };
}

const ALERT = JSON.stringify({
  time: '2026-08-20T10:00:00.000000000Z',
  rule: 'Terminal shell in container',
  priority: 'Notice',
  output: 'A shell was spawned',
  output_fields: { 'container.id': '5f1d0c5f1d0c', 'k8s.ns.name': 'shop', 'k8s.pod.name': 'cart-0', 'proc.name': 'sh' },
});
const EXEC = JSON.stringify({
  process_exec: {
    process: {
      exec_id: 'a',
      pid: 1,
      binary: '/usr/bin/node',
      start_time: '2026-08-20T10:00:00Z',
      pod: {
        namespace: 'shop',
        name: 'cart-0',
        container: {
          id: 'containerd://x',
          image: { id: `registry.example/cart@sha256:${'a'.repeat(64)}`, name: 'registry.example/cart:1' },
        },
      },
    },
  },
  node_name: 'node-1',
  time: '2026-08-20T10:00:00Z',
});

describe('the intake of events', () => {
  it('keeps alerts and what executions prove', async () => {
    const intake = await openEventIntake(openDocuments());
    expect(intake.take(`${EXEC}\n${ALERT}`, 'test')).toEqual({ accepted: 2, unknowns: [] });
    expect(intake.alerts().map((event) => event.alert?.rule)).toEqual(['Terminal shell in container']);
    expect(intake.observations().flatMap((seen) => seen.executed.map(({ path }) => path))).toEqual(['/usr/bin/node']);
  });

  it('goes on after a restart with what it saved', async () => {
    const store = openDocuments();
    const first = await openEventIntake(store);
    first.take(`${EXEC}\n${ALERT}`, 'test');
    await first.save();
    const second = await openEventIntake(store);
    expect(second.observations()).toEqual(first.observations());
    expect(second.alerts()).toHaveLength(1);
  });

  it('says what it could not read and takes the rest', async () => {
    const intake = await openEventIntake(openDocuments());
    const { accepted, unknowns } = intake.take(`{"nonsense": true}\n${EXEC}`, 'test');
    expect(accepted).toBe(1);
    expect(unknowns).toHaveLength(1);
  });
});
