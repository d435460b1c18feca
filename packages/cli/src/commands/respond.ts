import { UserError } from '@breakwater/model';
import { KUBECONFIG_OPTIONS } from '../cluster-options.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  name: 'respond',
  summary: 'Does something about an incident: shows first what it would do, and does it with --execute and a reason.',
  usage: 'KIND TARGET | --incident ID | list | approve ID | undo ID',
  examples: [
    { command: 'breakwater respond --incident i-4b67', says: 'what can be done about an incident' },
    { command: 'breakwater respond snapshot web', says: 'keep what a container is and did, hashed' },
    { command: 'breakwater respond kill-process 4242', says: 'what would be done; nothing is' },
    { command: 'breakwater respond kill-process 4242 --execute --reason "a shell"', says: 'end it, and no later one' },
    { command: 'breakwater respond quarantine shop/web-x2x4k --context prod', says: 'cut a pod off, keep it' },
    { command: 'breakwater respond delete-pod shop/web-x2x4k', says: 'its controller makes another' },
    { command: 'breakwater respond stop-container web', says: 'of podman, Docker or nerdctl on this host' },
    { command: 'breakwater respond cordon node-7', says: 'no new pods on a node' },
    { command: 'breakwater respond scale-to-zero shop/Deployment/web', says: 'end all its pods' },
    { command: 'breakwater respond list', says: 'what was done, by whom and why' },
    { command: 'breakwater respond approve R1 --reason "seen too"', says: 'where a second person has to agree' },
    { command: 'breakwater respond undo R1 --reason "false alarm"', says: 'take it back' },
  ],
  options: {
    execute: { type: 'boolean', help: 'Do it; without this it is only shown' },
    incident: {
      type: 'string',
      value: 'ID',
      help: 'Incident that it is about: its story tells of it',
    },
    reason: { type: 'string', value: 'TEXT', help: 'Why; it stays in the journal' },
    context: { type: 'string', value: 'CONTEXT', help: 'Cluster of what is named (default: the current one)' },
    kubeconfig: KUBECONFIG_OPTIONS.kubeconfig,
    seconds: { type: 'string', value: 'N', help: 'delete-pod, stop-container: time to end' },
    signal: { type: 'string', value: 'NAME', help: 'kill-process: KILL (default), TERM, or STOP, which can be undone' },
    start: { type: 'string', value: 'TICKS', help: 'kill-process: when it began, so that no later one is meant' },
    megabytes: { type: 'string', value: 'N', help: 'snapshot: most of changed files (default 64)' },
    folder: {
      type: 'string',
      value: 'FOLDER',
      help: 'snapshot: where it is put (default: in the state folder)',
    },
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
  },
  async run(invocation) {
    const [word, target, ...more] = invocation.positionals;
    const { approve, listResponses, possibleResponses, respond, undo } = await import('../respond/run-response.ts');
    if (word === undefined && invocation.options['incident'] !== undefined) return await possibleResponses(invocation);
    if (word === 'list' && target === undefined) return listResponses(invocation);
    if (word !== undefined && target !== undefined && more.length === 0) {
      if (word === 'approve') return await approve(invocation, target);
      return word === 'undo' ? await undo(invocation, target) : await respond(invocation, word, target);
    }
    const { RESPONSES } = await import('@breakwater/outputs/responses');
    throw new UserError('Say what to do, and to what.', {
      code: 'action-missing',
      hint: RESPONSES.map(({ name, summary }) => `${name}: ${summary}`).join('; '),
    });
  },
};
