export { patchFix } from './patch-fix.ts';
