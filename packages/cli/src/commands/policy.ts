import { UserError } from '@breakwater/model';
import type { Command } from '../command.ts';
import type { PolicyAction } from '../policy/action.ts';
import { SCAN_OPTIONS } from '../scan.ts';

/** Each is loaded when it is asked for. */
const ACTIONS: Record<string, () => Promise<PolicyAction>> = {
  test: async () => (await import('../policy/test-policies.ts')).testPolicies,
  eval: async () => (await import('../policy/evaluate-targets.ts')).evaluateTargets,
  where: async () => (await import('../policy/show-places.ts')).showPlaces,
  exceptions: async () => (await import('../policy/review-exceptions.ts')).reviewExceptions,
  'dry-run': async () => (await import('../policy/dry-run.ts')).tryDry,
  network: async () => (await import('../policy/network-policies.ts')).compileNetworkPolicies,
  compile: async () => (await import('../policy/compile-to.ts')).compileTo,
  issue: async () => (await import('../policy/issue.ts')).issue,
  new: async () => (await import('../policy/new-policy.ts')).newPolicy,
};

/** Targets by their names; their code is read when one is asked for. */
const TARGETS = 'network-policy, security-context, tetragon, kubearmor, ...';

export const command: Command = {
  name: 'policy',
  summary: 'Writes, tests and evaluates policies, and says who enforces them and what they would refuse.',
  usage: 'test | eval | where | exceptions | dry-run | network | compile | issue | new  [NAME or TARGET...]',
  examples: [
    { command: 'breakwater policy test my-policies/', says: 'by the cases that stand in them' },
    { command: 'breakwater policy eval k8s/ --policies my-policies/', says: 'what they say of manifests' },
    { command: 'breakwater policy where', says: 'who enforces each: gate, API server, webhook' },
    { command: 'breakwater policy dry-run k8s/ --raise no-host-ports', says: 'whom it would hit if it blocked' },
    { command: 'breakwater policy exceptions k8s/ --policies my/', says: 'which end soon, and which are idle' },
    { command: 'breakwater policy exceptions k8s/ --preview e.yaml', says: 'what an exception would silence' },
    { command: 'breakwater policy network k8s/ > netpol.yaml', says: 'NetworkPolicies of least privilege' },
    { command: 'breakwater policy compile --to kubearmor events.json', says: 'what was seen, for others to enforce' },
    {
      command: 'breakwater policy new no-nodes --from bad.yaml --field spec.type',
      says: 'refuse what that object says',
    },
    { command: 'breakwater policy issue --to issued/ shop/Deployment/web', says: 'all of it, again with each release' },
    { command: 'breakwater policy new --incident 7f3a > gate.yaml', says: 'what would have refused it' },
    {
      command: 'breakwater policy compile --to seccomp shop/Deployment/web',
      says: 'what was learned, of the store',
    },
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'table (default) or json' },
    ...SCAN_OPTIONS,
    phase: { type: 'string', value: 'PHASE', help: 'dry-run: build, deploy (default) or run' },
    raise: { type: 'string', multiple: true, value: 'POLICY', help: 'dry-run: this one alone, as if it blocked' },
    'team-label': { type: 'string', multiple: true, value: 'LABEL', help: 'dry-run: label that names teams' },
    all: { type: 'boolean', help: 'dry-run: every policy and place, not the first' },
    within: { type: 'string', value: 'DAYS', help: 'exceptions: days before its end that one ends soon (30)' },
    preview: { type: 'string', multiple: true, value: 'PATH', help: 'exceptions: show what these would silence' },
    'ingress-namespace': {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: 'network: where the controllers behind Ingresses run',
    },
    'exclude-namespace': {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: 'network: no policies there (default: namespaces of Kubernetes)',
    },
    to: { type: 'string', value: 'TARGET', help: `issue: a folder; compile: ${TARGETS}` },
    step: { type: 'string', value: 'STEP', help: 'compile: audit (default) or block, where the target knows both' },
    manifest: { type: 'string', multiple: true, value: 'PATH', help: 'compile: manifests of what a profile is of' },
    selector: { type: 'string', multiple: true, value: 'LABEL=VALUE', help: 'compile: labels of its pods' },
    replay: { type: 'string', multiple: true, value: 'FILE', help: 'compile: events to try it on (default: its own)' },
    kind: { type: 'string', multiple: true, value: 'KIND', help: 'new: what it is about' },
    from: { type: 'string', value: 'FILE', help: 'new: an object that should be refused' },
    incident: { type: 'string', value: 'ID', help: 'new: refuse what made this incident possible (id, or file)' },
    field: { type: 'string', value: 'PATH', help: 'new: what is wrong with it: spec.template.spec.hostNetwork' },
    require: { type: 'string', value: 'CEL', help: 'new: what must hold' },
    forbid: { type: 'string', value: 'CEL', help: 'new: what must not' },
    each: { type: 'string', value: 'LIST', help: 'new: containers (c), or CEL that gives a list (item)' },
    message: { type: 'string', value: 'CEL', help: 'new: what is said when it fails' },
    title: { type: 'string', value: 'TEXT', help: 'new: what holds where it is kept' },
    why: { type: 'string', value: 'TEXT', help: 'new: what happens otherwise' },
    fix: { type: 'string', value: 'TEXT', help: 'new: what to do about it' },
    severity: { type: 'string', value: 'LEVEL', help: 'new: critical, high, medium (default), low' },
  },
  async run(invocation) {
    const [name = '', ...words] = invocation.positionals;
    const load = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (load !== undefined) return await (await load())(invocation, words);
    throw new UserError(`Say what to do: ${Object.keys(ACTIONS).join(', ')}.`, {
      code: 'action-missing',
      hint: 'breakwater policy --help shows examples.',
    });
  },
};
