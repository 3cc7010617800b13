import { describe, expect, it } from 'vitest';
import { effectiveRules, ruleAddress } from '../../../../src/lab/sandbox/engine/hba.ts';

/** What initdb 14 writes, with the line that the image adds. */
const IMAGE = `# TYPE  DATABASE        USER            ADDRESS                 METHOD
local   all             all                                     trust
host    all             all             127.0.0.1/32            trust
host    all             all             ::1/128                 trust
local   replication     all                                     trust
host    replication     all             127.0.0.1/32            trust
host    replication     all             ::1/128                 trust

host all all all scram-sha-256
`;

describe('the rules that the server reads', () => {
  it('let nobody in by the trust for the container itself, which is all of this machine here', () => {
    const rules = effectiveRules(IMAGE);
    expect(rules).not.toMatch(/host.*(127\.0\.0\.1|::1).*trust/);
    expect(rules).toContain('local   all             all                                     trust');
    expect(rules).toContain('host all all all scram-sha-256');
  });

  it('keep their line numbers', () => {
    expect(effectiveRules(IMAGE).split('\n')).toHaveLength(IMAGE.split('\n').length);
  });

  it.each([
    ['host replication replicator all md5', 'all'],
    ['host replication replicator 172.18.0.3/32 md5', '127.0.0.1/32'],
    ['host replication replicator 172.16.0.0/12 md5', '127.0.0.1/32'],
    ['host replication replicator 192.168.32.0/20 scram-sha-256', '127.0.0.1/32'],
    ['host replication replicator samenet md5', '127.0.0.1/32'],
    ['host replication replicator follower md5', '127.0.0.1/32'],
    ['host replication replicator 10.0.0.0/8 md5', '10.0.0.0/8'],
    ['host replication replicator elsewhere md5', 'elsewhere'],
    // Of the sandbox's own making, from its error message: with a password nothing is let in too easily.
    ['host replication replicator 127.0.0.1/32 md5', '127.0.0.1/32'],
    ['host replication replicator localhost trust', '255.255.255.255/32'],
    ['hostnossl all "all" "127.0.0.1/32" trust', '255.255.255.255/32'],
  ])('%s speaks of %s', (line, address) => {
    expect(effectiveRules(line, ['leader', 'follower']).split(/\s+/)[3]).toBe(address);
  });

  it('understand a mask that is a word of its own', () => {
    const line = 'host replication replicator 172.18.0.0 255.255.0.0 md5';
    expect(effectiveRules(line)).toBe('host replication replicator 127.0.0.1/32 md5');
    expect(effectiveRules('host all all 127.0.0.0 255.0.0.0 trust')).toContain('255.255.255.255/32');
  });

  it.each([
    '# host all all 127.0.0.1/32 trust',
    'host replication',
    '',
    'nonsense all all',
    'local all all trust',
  ])('leave as it is: %s', (line) => {
    expect(effectiveRules(line)).toBe(line);
  });

  it('tell the address that the learner wrote', () => {
    expect(ruleAddress('host replication replicator 172.18.0.0/16 md5')).toBe('172.18.0.0');
    expect(ruleAddress('host all all all md5')).toBe('all');
    expect(ruleAddress('local all all trust')).toBeNull();
  });
});
