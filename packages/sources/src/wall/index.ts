export { firstLaunch } from './launch.ts';
export { grantedMode, runBehindWall } from './run-behind-wall.ts';
export { type WallStatus, wallStatus } from './status.ts';
export type { WallContext, WallOptions, WallOutcome, WallSchemas, WallTask } from './task.ts';
