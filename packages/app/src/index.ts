export * from './assessment/assessment.ts';
export { viewAssessment } from './assessment/memory-view.ts';
export { decodeCursor, encodeCursor, SEVERITY_ORDER } from './assessment/pages.ts';
export { scopesOf } from './assessment/scopes.ts';
export { summariseImages } from './assessment/summarise-images.ts';
export * from './assessment/view.ts';
export { explain, explainFinding } from './explain/explain.ts';
