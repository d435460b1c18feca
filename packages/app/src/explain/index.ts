export { explain, explainFinding } from './explain.ts';
