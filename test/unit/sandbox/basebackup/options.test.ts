import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../../../src/lab/sandbox/inside/pg-basebackup/options.ts';

const parse = (line: string) => parseOptions(['pg_basebackup', ...line.split(' ').filter(Boolean)]);
const TRY = '\nTry "pg_basebackup --help" for more information.';

describe('the options of pg_basebackup', () => {
  it('are read in the way of the lesson', () => {
    const wanted = {
      ok: true,
      options: {
        host: 'leader',
        directory: '/output',
        user: 'replicator',
        port: '5432',
        verbose: true,
        progress: true,
        writeRecoveryConf: true,
        slot: 'follower_slot',
        createSlot: false,
        wal: 'stream',
        fastCheckpoint: false,
        manifest: true,
        sync: true,
      },
    };
    const line = '-h leader -D /output -U replicator -p 5432 -vP -R --slot=follower_slot';
    expect(parse(line)).toMatchObject(wanted);
    expect(
      parse('-hleader --pgdata=/output --username replicator --port=5432 -vPRSfollower_slot'),
    ).toMatchObject(wanted);
  });

  it.each([
    ['-X none', { wal: 'none' }],
    ['-Xf', { wal: 'fetch' }],
    ['--wal-method=stream', { wal: 'stream' }],
    ['-c FAST', { fastCheckpoint: true }],
    ['--checkpoint=spread', { fastCheckpoint: false }],
    ['-Fp', { directory: 'd' }],
    ['-N -n -w', { sync: false, noClean: true, neverPrompt: true }],
    ['--no-slot --no-manifest', { noSlot: true, manifest: false }],
    ['-l daily', { label: 'daily' }],
  ])('%s', (line, options) => {
    expect(parse(`-D d ${line}`)).toMatchObject({ ok: true, options });
  });

  it.each([
    ['', 'no target directory specified', true],
    ['-D d extra', 'too many command-line arguments (first is "extra")', true],
    ['-D d -C', '--create-slot needs a slot to be specified using --slot', true],
    ['-D d -S x --no-slot', '--no-slot cannot be used with slot name', true],
    ['-D d -S x -X none', 'replication slots can only be used with WAL streaming', true],
    ['-D d -P --no-estimate-size', '--progress and --no-estimate-size are incompatible options', true],
    ['-D d -X all', 'invalid wal-method option "all", must be "fetch", "stream", or "none"', false],
    ['-D d -c now', 'invalid checkpoint argument "now", must be "fast" or "spread"', false],
    ['-D d -F x', 'invalid output format "x", must be "plain" or "tar"', false],
  ])('%j is refused by the real one', (line, message, hint) => {
    expect(parse(line)).toEqual({
      ok: false,
      message: `pg_basebackup: error: ${message}${hint ? TRY : ''}`,
      exitCode: 1,
    });
  });

  it.each([
    ['-D d -Ft', 'the sandbox does not know the format tar of pg_basebackup'],
    ['-D d -W', 'the sandbox does not know the option -W of pg_basebackup'],
    ['-D d -T a=b', 'the sandbox does not know the option -T of pg_basebackup'],
    ['-D d --gzip', 'the sandbox does not know the option --gzip of pg_basebackup'],
    ['-D d -Z 5', 'the sandbox does not know the option -Z of pg_basebackup'],
  ])('%j is refused by the sandbox', (line, message) => {
    expect(parse(line)).toEqual({ ok: false, message, exitCode: 125 });
  });

  it('that nobody knows are named with the path of the image', () => {
    expect(parse('--nope')).toEqual({
      ok: false,
      message: `/usr/lib/postgresql/14/bin/pg_basebackup: unrecognized option '--nope'${TRY}`,
      exitCode: 1,
    });
  });
});
