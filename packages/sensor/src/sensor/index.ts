export { Sensor, type SensorOptions } from './sensor.ts';
