// The places that stand in the head of every page, by role, in this order.
import type { Role } from '@opencanvass/contract';
import type { Key } from './words/english.ts';

export interface Place {
  readonly to: string;
  readonly name: Key;
  readonly roles: readonly Role[];
}

export const withAccount: readonly Role[] = [
  'state administrator',
  'county manager',
  'canvass board',
  'observer',
];
const signs: readonly Role[] = ['state administrator', 'county manager', 'canvass board'];

export const places: readonly Place[] = [
  { to: '/', name: 'nav.audit', roles: withAccount },
  { to: '/key', name: 'nav.key', roles: signs },
];
