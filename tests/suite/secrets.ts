import { findSecrets } from '@breakwater/engine/secrets';
import type { Suite } from './suite.ts';

/** Texts with and without secrets: what is found in each, and where. */
export const secretsSuite: Suite = {
  name: 'secrets',
  reads: ['content_b64', 'path'],
  answer({ content_b64, path }) {
    const text = Buffer.from(String(content_b64), 'base64').toString('utf8');
    const findings = findSecrets(text, typeof path === 'string' ? { path } : {});
    return { answer: { findings: findings.map(({ rule, startLine, endLine }) => ({ rule, startLine, endLine })) } };
  },
};
