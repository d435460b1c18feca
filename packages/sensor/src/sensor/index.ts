export { Sensor } from './sensor.ts';
export type { SensorOptions } from './sensor-options.ts';
