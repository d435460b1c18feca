import type { Command } from '../command.ts';

/** A command's name and summary, and how to load it: only the one that runs is read. */
export interface CommandEntry {
  name: string;
  summary: string;
  load(): Promise<Command>;
}

/** Every command, in the order in which help lists them. */
export const COMMANDS: CommandEntry[] = [
  {
    name: 'up',
    summary: 'Read an estate, rank it and serve the console',
    load: async () => (await import('./up.ts')).command,
  },
  {
    name: 'scan',
    summary: 'Judge images, folders, manifests and SBOMs: may this ship?',
    load: async () => (await import('./scan.ts')).command,
  },
  {
    name: 'rank',
    summary: 'Rank workloads by expected loss, each with its reason',
    load: async () => (await import('./rank.ts')).command,
  },
  {
    name: 'ask',
    summary: 'Answer eight questions about an estate on one screen',
    load: async () => (await import('./ask.ts')).command,
  },
  {
    name: 'fix',
    summary: 'Print the patch of a fix, for git apply',
    load: async () => (await import('./fix.ts')).command,
  },
  {
    name: 'explain',
    summary: 'Show the chain of facts behind anything',
    load: async () => (await import('./explain.ts')).command,
  },
  {
    name: 'what-if',
    summary: 'Tell what a leaked credential reaches, and what cuts it',
    load: async () => (await import('./what-if.ts')).command,
  },
  {
    name: 'permissions',
    summary: 'Tell from audit logs which permissions nobody used',
    load: async () => (await import('./permissions.ts')).command,
  },
  {
    name: 'secrets',
    summary: 'Tell who can read which secret, and what lies in plain text',
    load: async () => (await import('./secrets.ts')).command,
  },
  {
    name: 'reach',
    summary: 'Tell who can talk to whom, and which policy decides',
    load: async () => (await import('./reach.ts')).command,
  },
  {
    name: 'sbom',
    summary: 'Write a bill of materials (CycloneDX)',
    load: async () => (await import('./sbom.ts')).command,
  },
  {
    name: 'policy',
    summary: 'Test policies, or evaluate them on manifests',
    load: async () => (await import('./policy.ts')).command,
  },
  {
    name: 'compile',
    summary: 'Compile policies to ValidatingAdmissionPolicies',
    load: async () => (await import('./compile.ts')).command,
  },
  {
    name: 'admission',
    summary: 'Answer an API server: judge what is to be admitted',
    load: async () => (await import('./admission.ts')).command,
  },
  { name: 'db', summary: 'Import, update and inspect advisories', load: async () => (await import('./db.ts')).command },
  {
    name: 'registry',
    summary: 'Show watched registries, their tags and what nobody runs',
    load: async () => (await import('./registry.ts')).command,
  },
  {
    name: 'cluster',
    summary: 'Ask live clusters: what runs and why, drift from Git, sprawl',
    load: async () => (await import('./cluster.ts')).command,
  },
  {
    name: 'detect',
    summary: 'Judge recorded runtime events: what should not have happened',
    load: async () => (await import('./detect.ts')).command,
  },
  {
    name: 'incidents',
    summary: 'Tell what happened as stories, and what to do about it',
    load: async () => (await import('./incidents.ts')).command,
  },
  {
    name: 'sensor',
    summary: 'Watch the containers of this host from its kernel',
    load: async () => (await import('./sensor.ts')).command,
  },
  {
    name: 'profile',
    summary: 'Show what containers do, from recorded events',
    load: async () => (await import('./profile.ts')).command,
  },
  {
    name: 'ingest',
    summary: 'Make keys for sensors, show who sends and what was seen',
    load: async () => (await import('./ingest.ts')).command,
  },
  {
    name: 'respond',
    summary: 'Do something about an incident, with a reason, limits and undo',
    load: async () => (await import('./respond.ts')).command,
  },
  {
    name: 'demo',
    summary: 'Attack a container of its own, and show what is stopped',
    load: async () => (await import('./demo.ts')).command,
  },
  {
    name: 'doctor',
    summary: 'Check this machine and say what to mend',
    load: async () => (await import('./doctor.ts')).command,
  },
];
