import { expect, it } from 'vitest';
import { lineFilter } from '../../../../src/lab/sandbox/container/server-log.ts';

const at = (text: string, pid = 12) => `2026-11-27 18:07:01.123 GMT [${pid}] LOG:  ${text}`;
const HUP = at('received SIGHUP, reloading configuration files');
const FORCED = at('parameter "listen_addresses" cannot be changed without restarting the server');
const ERRORS = at(
  'configuration file "/etc/postgresql/postgresql.conf" contains errors; unaffected changes were applied',
);
const OWN = at('parameter "max_wal_senders" cannot be changed without restarting the server');
const CHANGED = at('parameter "wal_keep_size" changed to "128MB"');
const OTHER = '2026-11-27 18:07:01.124 GMT [99] FATAL:  no pg_hba.conf entry';

it.each<[string, string[], string[]]>([
  ['a reload that changes nothing', [HUP, FORCED, ERRORS], [HUP]],
  ['a reload with a change that works', [HUP, FORCED, CHANGED, ERRORS], [HUP, CHANGED]],
  ['a setting of the learner that waits for a restart', [HUP, FORCED, OWN, ERRORS], [HUP, OWN, ERRORS]],
  ['another process in between', [HUP, FORCED, OTHER, ERRORS], [HUP, OTHER]],
  ['a second reload', [HUP, FORCED, OWN, ERRORS, HUP, FORCED, ERRORS], [HUP, OWN, ERRORS, HUP]],
  ['no reload at all', [OTHER, ERRORS], [OTHER, ERRORS]],
])('%s', (_, lines, kept) => {
  expect(lines.filter(lineFilter())).toEqual(kept);
});
