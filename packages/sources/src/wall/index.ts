export { runBehindWall } from './run-behind-wall.ts';
export { type WallStatus, wallStatus } from './status.ts';
export type { WallContext, WallOptions, WallOutcome, WallTask } from './task.ts';
