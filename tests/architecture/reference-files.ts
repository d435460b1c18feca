import {
  AdvisoryStatus,
  Exception,
  Explanation,
  FixStory,
  LeakReport,
  PermissionReport,
  Policy,
  QuestionSheet,
  Ranking,
  ScanReport,
  SecretReport,
  Setting,
} from '@breakwater/model';
import { openApiDocument } from '@breakwater/server';
import { z } from 'zod';
import cliPackage from '../../packages/cli/package.json' with { type: 'json' };
import { policyReference } from './policy-reference.ts';

/** Each published schema, and which command prints (or takes) it. */
const SCHEMAS: Record<string, { schema: z.ZodType; title: string; io: 'input' | 'output' }> = {
  ranking: { schema: Ranking, title: 'breakwater rank --output json', io: 'output' },
  scan: { schema: ScanReport, title: 'breakwater scan --output json', io: 'output' },
  questions: { schema: QuestionSheet, title: 'breakwater ask --output json', io: 'output' },
  explanation: { schema: Explanation, title: 'breakwater explain ID --output json', io: 'output' },
  fix: { schema: FixStory, title: 'breakwater fix N --output json', io: 'output' },
  leak: { schema: LeakReport, title: 'breakwater what-if leak WHO --output json', io: 'output' },
  permissions: { schema: PermissionReport, title: 'breakwater permissions unused --output json', io: 'output' },
  secrets: { schema: SecretReport, title: 'breakwater secrets --output json', io: 'output' },
  advisories: { schema: AdvisoryStatus, title: 'breakwater db status --output json', io: 'output' },
  policy: { schema: Policy, title: 'A policy document', io: 'input' },
  exception: { schema: Exception, title: 'An exception document', io: 'input' },
  setting: { schema: Setting, title: 'A setting of policies', io: 'input' },
};

/** Path and text of every generated file of `docs/reference`. */
export function referenceFiles(): [path: string, text: string][] {
  const write = (document: object) => `${JSON.stringify(document, undefined, 2)}\n`;
  const schemas = Object.entries(SCHEMAS).map(([name, { schema, title, io }]): [string, string] => [
    `docs/reference/schemas/${name}.schema.json`,
    write({ ...z.toJSONSchema(schema, { io, unrepresentable: 'any' }), title }),
  ]);
  return [
    ...schemas,
    ['docs/reference/openapi.json', write(openApiDocument(cliPackage.version))],
    ['docs/reference/policies.md', policyReference()],
  ];
}
