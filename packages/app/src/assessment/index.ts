export type * from './assessment.ts';
export { compareFindings, viewAssessment } from './memory-view.ts';
export { decodeCursor, encodeCursor } from './pages.ts';
export { scopesOf } from './scopes.ts';
export { findingScope, findingText, imageText, workloadText } from './search-text.ts';
export { summariseImages } from './summarise-images.ts';
export type * from './view.ts';
