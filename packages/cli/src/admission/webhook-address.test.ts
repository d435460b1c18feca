import { UserError } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { webhookAddress } from './webhook-address.ts';

describe('webhookAddress', () => {
  it.each([
    ['https://10.0.0.1:8443', 'https://10.0.0.1:8443/admit'],
    ['https://10.0.0.1:8443/', 'https://10.0.0.1:8443/admit'],
    ['https://gate.example/admit', 'https://gate.example/admit'],
    ['https://gate.example/breakwater/admit', 'https://gate.example/breakwater/admit'],
    ['https://[::1]:8443', 'https://[::1]:8443/admit'],
  ])('%s is %s', (typed, address) => expect(webhookAddress(typed)).toBe(address));

  it.each([
    'http://10.0.0.1:8443',
    '10.0.0.1:8443',
    'https://a@b/admit',
    'https://b/admit?x=1',
    'https://b/admit#x',
    '',
  ])('refuses %j, which no API server asks', (typed) => expect(() => webhookAddress(typed)).toThrow(UserError));
});
