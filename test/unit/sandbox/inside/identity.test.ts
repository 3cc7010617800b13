import { expect, it } from 'vitest';
import { accountsOf } from '../../../../src/lab/sandbox/inside/files/identity.ts';

const AS_ROOT = accountsOf({ uid: 0, gid: 0, server: { uid: 65_534, gid: 65_533 } });
const PLAIN = accountsOf({ uid: 1000, gid: 100, server: null });

it('gives the server the name postgres and the number 999 where we are root', () => {
  expect(AS_ROOT.account('postgres')).toEqual({ uid: 65_534, gid: 65_533 });
  expect(AS_ROOT.account('999')).toEqual({ uid: 65_534, gid: 65_533 });
  expect([AS_ROOT.shownUid(65_534), AS_ROOT.ownerName(65_534), AS_ROOT.groupName(65_533)]).toEqual([
    999,
    'postgres',
    'postgres',
  ]);
  expect([AS_ROOT.shownUid(0), AS_ROOT.ownerName(0), AS_ROOT.ownerName(1000)]).toEqual([0, 'root', '1000']);
});

it('never takes another number of the container for the server', () => {
  expect(AS_ROOT.account('65534')?.uid).toBe(999);
  expect(AS_ROOT.shownUid(999)).toBe(65_534);
  expect(AS_ROOT.identify('65534')).toMatchObject({ uid: 999, superuser: false });
});

it('takes all that is ours for postgres where we are not root', () => {
  expect(PLAIN.identify('root')).toEqual({ uid: 1000, gid: 100, superuser: true });
  expect(PLAIN.identify('postgres')).toEqual({ uid: 1000, gid: 100, superuser: false });
  expect([PLAIN.ownerName(1000), PLAIN.shownUid(1000), PLAIN.ownerName(0)]).toEqual([
    'postgres',
    999,
    'root',
  ]);
});

it.each([
  ['root', { uid: 0, gid: 0, superuser: true }],
  ['0', { uid: 0, gid: 0, superuser: true }],
  ['postgres', { uid: 65_534, gid: 65_533, superuser: false }],
  ['999:999', { uid: 65_534, gid: 65_533, superuser: false }],
  ['postgres:root', { uid: 65_534, gid: 0, superuser: false }],
  ['1234', { uid: 1234, gid: 0, superuser: false }],
  ['foo', null],
  ['postgres:foo', null],
])('reads --user %s', (user, identity) => {
  expect(AS_ROOT.identify(user)).toEqual(identity);
});
