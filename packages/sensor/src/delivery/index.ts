export { type Delivery, type DeliveryOptions, type DeliveryState, openDelivery } from './delivery.ts';
export { parseServerAddress, type ServerAddress } from './post-batch.ts';
