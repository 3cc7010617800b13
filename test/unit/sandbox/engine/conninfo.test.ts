import { describe, expect, it } from 'vitest';
import { realConninfo } from '../../../../src/lab/sandbox/container/conninfo.ts';

/** A leader whose port 5432 is 7001 of this machine. */
const locate = (host: string, port: number) => (host === 'leader' ? (port === 5432 ? 7001 : 0) : null);

describe("a standby's connection string", () => {
  it.each([
    ['user=r host=leader port=5432', 'user=r host=leader port=7001 hostaddr=127.0.0.1'],
    [
      "host=leader password='a b\\'c' user=r",
      "host=leader password='a b\\'c' user=r hostaddr=127.0.0.1 port=7001",
    ],
    ["host='leader' port='5432'", 'host=leader port=7001 hostaddr=127.0.0.1'],
    ['host = leader  port = 5432 sslmode=prefer', 'host=leader port=7001 sslmode=prefer hostaddr=127.0.0.1'],
    [
      'postgresql://r:p%20w@leader:5432/?application_name=follower',
      "user=r password='p w' host=leader port=7001 application_name=follower hostaddr=127.0.0.1",
    ],
    ['postgres://r@leader/postgres', 'user=r host=leader dbname=postgres hostaddr=127.0.0.1 port=7001'],
    // The address that the learner's network had is not that of this machine.
    ['host=leader hostaddr=172.18.0.2', 'host=leader hostaddr=127.0.0.1 port=7001'],
  ])('%s', (written, real) => {
    expect(realConninfo(written, locate)).toBe(real);
  });

  it('goes to a port where nobody listens when nobody listens there in Docker', () => {
    expect(realConninfo('host=leader port=5433', locate)).toBe('host=leader port=1 hostaddr=127.0.0.1');
  });

  it.each([
    'user=r port=5432',
    'host=ledaer port=5432',
    'host=/var/run/postgresql',
    'host',
    "host='leader",
    '',
  ])('stays as it is: %s', (written) => {
    expect(realConninfo(written, locate)).toBeNull();
  });
});
