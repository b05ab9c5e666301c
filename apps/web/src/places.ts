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
export const state: readonly Role[] = ['state administrator'];
export const manager: readonly Role[] = ['county manager'];
export const signs: readonly Role[] = ['state administrator', 'county manager', 'canvass board'];

export const places: readonly Place[] = [
  { to: '/', name: 'nav.audit', roles: withAccount },
  { to: '/county', name: 'nav.county', roles: manager },
  { to: '/county/files', name: 'nav.files', roles: manager },
  { to: '/county/boards', name: 'nav.boards', roles: manager },
  { to: '/county/discrepancies', name: 'nav.discrepancies', roles: manager },
  { to: '/announcement', name: 'nav.announce', roles: state },
  { to: '/seed', name: 'nav.seed', roles: state },
  { to: '/certificate', name: 'nav.certificate', roles: ['canvass board'] },
  { to: '/observe', name: 'nav.observe', roles: ['observer'] },
  { to: '/accounts', name: 'nav.accounts', roles: state },
  { to: '/record', name: 'nav.record', roles: withAccount },
  { to: '/attempts', name: 'nav.attempts', roles: state },
  { to: '/key', name: 'nav.key', roles: signs },
  { to: '/account', name: 'nav.account', roles: withAccount },
];
