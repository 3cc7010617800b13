import { describe, expect, it } from 'vitest';
import {
  formatLsn,
  parseLsn,
  parseSize,
  segmentName,
} from '../../../../src/lab/sandbox/inside/pg-basebackup/lsn.ts';
import { newReporter, progressLine } from '../../../../src/lab/sandbox/inside/pg-basebackup/progress.ts';
import { recoveryConf, type Used } from '../../../../src/lab/sandbox/inside/pg-basebackup/recovery-conf.ts';

const MB = 1024 ** 2;

describe('WAL positions', () => {
  it.each(['0/2000028', '1/0', 'AB/FFFFFFFF'])('%s is read and written', (text) => {
    expect(formatLsn(parseLsn(text))).toBe(text);
  });

  it.each([
    [1, '0/2000028', 16 * MB, '000000010000000000000002'],
    [1, '0/FF000000', 16 * MB, '0000000100000000000000FF'],
    [2, '1/0', 16 * MB, '000000020000000100000000'],
    [10, '2/C0000000', 1024 * MB, '0000000A0000000200000003'],
  ])('timeline %i, %s, segments of %i bytes', (timeline, lsn, size, name) => {
    expect(segmentName(timeline, parseLsn(lsn), size)).toBe(name);
  });

  it('have segments of a size that SHOW prints', () => {
    expect([parseSize('16MB'), parseSize('1GB')]).toEqual([16 * MB, 1024 * MB]);
  });
});

describe('progress', () => {
  const half = { done: 13_000 * 1024, totalKb: 26_206, tablespacesDone: 0, tablespaces: 1 };

  it('is one line', () => {
    expect(progressLine({ ...half, verbose: false, file: '/output/x' })).toBe(
      '13000/26206 kB (49%), 0/1 tablespace',
    );
    expect(progressLine({ ...half, done: 600, verbose: true, file: '/output/backup_label' })).toBe(
      '    0/26206 kB (0%), 0/1 tablespace (/output/backup_label               )',
    );
  });

  it('cuts a long name at its beginning', () => {
    const file = '/output/pgdata/of/the/follower/base/13757/2836';
    expect(progressLine({ ...half, verbose: true, file })).toBe(
      '13000/26206 kB (49%), 0/1 tablespace (.../of/the/follower/base/13757/2836)',
    );
  });

  it('never passes 100%', () => {
    expect(progressLine({ ...half, done: 27_000 * 1024, verbose: false, file: null })).toBe(
      '27000/27000 kB (100%), 0/1 tablespace',
    );
  });

  it('is told once a second and at the end, in one place of a terminal', () => {
    let time = 5_000;
    let text = '';
    const reporter = newReporter({
      totalKb: 100,
      verbose: false,
      terminal: true,
      write: (piece) => {
        text += piece;
      },
      now: () => time,
    });
    for (const moment of [5_000, 5_400, 5_999, 6_001]) {
      time = moment;
      reporter.add(10 * 1024, 'file');
    }
    reporter.tablespaceDone();
    reporter.finished();
    expect(text.replaceAll('\r', '<\n')).toBe(
      [
        ' 10/100 kB (10%), 0/1 tablespace<',
        ' 40/100 kB (40%), 0/1 tablespace<',
        ' 40/100 kB (40%), 0/1 tablespace<',
        ' 40/100 kB (40%), 1/1 tablespace',
        '',
      ].join('\n'),
    );
  });
});

describe('what -R writes', () => {
  const used: Used = {
    user: 'replicator',
    password: 'replicatorpass',
    host: 'leader',
    port: 5432,
    application: null,
    connectTimeout: null,
    sslmode: null,
    channelBinding: null,
    gssencmode: null,
    home: '/root',
  };
  const rest =
    'sslmode=prefer sslcompression=0 sslsni=1 ssl_min_protocol_version=TLSv1.2 gssencmode=prefer krbsrvname=postgres target_session_attrs=any';

  it('has all parameters of the connection, and the slot', () => {
    expect(recoveryConf(used, 'follower_slot')).toBe(
      `primary_conninfo = 'user=replicator password=replicatorpass channel_binding=prefer host=leader port=5432 ${rest}'\nprimary_slot_name = 'follower_slot'\n`,
    );
  });

  it('names the password file where there is no password', () => {
    expect(recoveryConf({ ...used, password: undefined, host: null, application: 'copy' }, null)).toBe(
      `primary_conninfo = 'user=replicator passfile=''/root/.pgpass'' channel_binding=prefer port=5432 application_name=copy ${rest}'\n`,
    );
  });

  it('quotes twice: for the connection string, and for the file', () => {
    expect(recoveryConf({ ...used, password: "it's \\ here" }, null)).toContain(
      "password=''it\\\\''s \\\\\\\\ here'' channel",
    );
  });
});
