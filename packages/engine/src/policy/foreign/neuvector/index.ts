export { checkNeuvectorRules, compileNeuvectorRules } from './compile-neuvector-rules.ts';
export type { Reading } from './judge-rule.ts';
