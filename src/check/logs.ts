import type { NodeState } from '../observe/types.ts';
import { bytesBetween } from './lsn.ts';
import type { MistakeId } from './mistakes.ts';
import { quote } from './verdict.ts';

/** A line of PostgreSQL's (or the image's) log that tells the cause. Wordings of 14 to 18. */
interface Sign {
  pattern: RegExp;
  mistake: MistakeId;
  means: string;
}

/** What a log line tells: the line itself, and what it means. */
export interface Cause {
  mistake: MistakeId;
  line: string;
  means: string;
}

/** Why a server does not start or does not answer. The first sign that fits a line counts. */
const START: Sign[] = [
  {
    pattern: /flex scanner failed/,
    mistake: 'file-is-folder',
    means:
      'A folder stands where postgresql.conf should be. Docker makes one when the file is missing at the start.',
  },
  {
    pattern: /could not load .*pg_hba\.conf|could not open .*pg_hba\.conf/,
    mistake: 'hba-broken',
    means: 'PostgreSQL does not start with a pg_hba.conf that it can not read.',
  },
  {
    pattern:
      /unrecognized configuration parameter|syntax error in file|invalid value for parameter|requires wal_level|could not (access the server|open) configuration file/,
    mistake: 'conf-broken',
    means: 'PostgreSQL does not start with a postgresql.conf that it can not read or use.',
  },
  {
    pattern: /insufficient parameter settings/,
    mistake: 'follower-too-small',
    means: 'A follower must allow at least as many connections, workers and senders as its leader does.',
  },
  {
    pattern: /Hot standby mode is disabled|database system is not accepting connections/,
    mistake: 'hot-standby-off',
    means: 'With hot_standby = off a follower copies, but lets nobody read.',
  },
  {
    pattern: /No space left on device/,
    mistake: 'disk-full',
    means: 'The disk is full, so PostgreSQL can not write its WAL.',
  },
  {
    pattern: /has wrong ownership|has invalid permissions|(Permission denied|Operation not permitted)\s*$/,
    mistake: 'data-ownership',
    means: 'PostgreSQL must own its data folder. Another user owns it now, or its mode lets others in.',
  },
  {
    pattern:
      /could not open file "(global|base|pg_\w+)\/[^"]*": No such file|could not (stat|open) data directory .*No such file/,
    mistake: 'data-gone',
    means: 'The files of the database are gone: its data folder was removed or emptied while the server ran.',
  },
  {
    pattern: /database files are incompatible with server/,
    mistake: 'version-differs',
    means: 'A data folder works only with the PostgreSQL version that made it.',
  },
  {
    pattern: /superuser password is not specified|in 18\+, these Docker images/,
    mistake: 'compose-property',
    means:
      'The image refuses to start with this docker-compose.yml: a variable or a mount is not as it needs it.',
  },
];

/** Last resort: says that the file is wrong, while an earlier line says what is wrong in it. */
const START_GENERAL: Sign[] = [
  {
    // With `unaffected changes were applied` it is a reload: the server goes on.
    pattern: /configuration file .* contains errors(?!;)/,
    mistake: 'conf-broken',
    means: 'PostgreSQL does not start with a postgresql.conf that has errors.',
  },
];

/** Why a standby that runs does not follow. Refused logins are in refusal.ts. */
const FOLLOW: Sign[] = [
  {
    pattern: /requested WAL segment \S+ has already been removed/,
    mistake: 'wal-removed',
    means: 'The leader has thrown away WAL that the follower still needed. Only a new base backup helps.',
  },
  {
    pattern: /can no longer access replication slot|invalidating (obsolete )?(replication )?slot/,
    mistake: 'slot-lost',
    means: 'The leader gave this slot up, so the WAL that the follower needs is gone.',
  },
  {
    pattern: /replication slot "[^"]*" does not exist/,
    mistake: 'slot-missing',
    means:
      'The follower asks for a slot that the leader does not have. It connects by itself once the slot is there.',
  },
  {
    pattern: /system identifier differs/,
    mistake: 'follower-own-cluster',
    means: 'The follower was not copied from this leader. It needs a base backup.',
  },
  {
    pattern:
      /forked off current database system timeline|is not (a child of|in) this server's history|ahead of the WAL flush position|is behind recovery timeline/,
    mistake: 'follower-diverged',
    means:
      'The follower has a history of its own, which the leader does not know. It needs a new base backup.',
  },
  {
    pattern: /insufficient parameter settings/,
    mistake: 'follower-too-small',
    means: 'A follower must allow at least as many connections, workers and senders as its leader does.',
  },
];

/**
 * Lines of a standby whose received WAL does not fit its own: every complaint of PostgreSQL's xlogreader.c, for which
 * one it is depends on the bytes that happen to stand there. A healthy standby can write one too, once for a
 * position: where its own WAL ends and streaming begins.
 */
const MISFIT =
  /incorrect prev-link|unexpected pageaddr|invalid (magic number|info bits|resource manager ID|record offset|contrecord length)|record length \d+ at \S+ too long|(no|missing) contrecord|contrecord is requested|incorrect resource manager data checksum|out-of-sequence timeline|forked off current database system/;
const END_OF_WAL = /invalid record length/;
const STANDBY_START = /entering standby mode/;
const READY = /database system is ready to accept (read-only )?connections/;
const STREAMS = /started streaming WAL from primary/;

export const START_MISTAKES: readonly MistakeId[] = [...new Set(START.map((sign) => sign.mistake))];
export const FOLLOW_MISTAKES: readonly MistakeId[] = [...new Set(FOLLOW.map((sign) => sign.mistake))];

/** The newest line that tells why the server does not start. What it had overcome when it was ready is history. */
export function startCause(lines: readonly string[]): Cause | null {
  const recent = lines.slice(lines.findLastIndex((line) => READY.test(line)) + 1);
  return newest(recent, START) ?? newest(recent, START_GENERAL);
}

/** What a standby's log says since it last began to stream: what kept it from that before is history. */
export function sinceStreaming(lines: readonly string[]): readonly string[] {
  return lines.slice(lines.findLastIndex((line) => STANDBY_START.test(line) || STREAMS.test(line)) + 1);
}

/** The newest line that tells why the standby does not follow. */
export function followCause(lines: readonly string[]): Cause | null {
  return newest(lines, FOLLOW);
}

/**
 * A line of the standby's last run that shows that it can't read on at the position where it stands, or null.
 * PostgreSQL repeats such a line for WAL that it receives again and again, and does not for its own end of WAL.
 * @param at Replayed LSN, null for where the last line says that it stands. Lines about other positions are history.
 * @param times How often a clear sign must be there: 1 is enough where WAL is known to arrive.
 */
export function misfit(lines: readonly string[], at: string | null, times: number): string | null {
  const recent = lines.slice(lines.findLastIndex((line) => STANDBY_START.test(line)) + 1);
  const retries = recent.filter((line) => MISFIT.test(line) || END_OF_WAL.test(line));
  const position = at ?? positionIn(retries.at(-1) ?? '');
  const here = retries.filter((line) => isAt(line, position));
  const clear = here.filter((line) => MISFIT.test(line));
  const line = clear.length >= times ? clear.at(-1) : here.length > 1 ? here.at(-1) : undefined;
  return line === undefined ? null : quote(line);
}

function positionIn(line: string): string | null {
  return / at ([0-9A-F]+\/[0-9A-F]+)/.exec(line)?.[1] ?? null;
}

/** Is the line about this position? A record at the start of a page begins after the page's header (24 or 40 bytes). */
function isAt(line: string, position: string | null): boolean {
  const distance = bytesBetween(position, positionIn(line));
  return distance === null || (distance >= 0n && distance <= 40n);
}

/** The newest line that is an error; null when there is none. */
export function lastError(lines: readonly string[]): string | null {
  const line = lines.findLast((one) => /\b(FATAL|PANIC|ERROR):|^Error:/.test(one));
  return line === undefined ? null : quote(line);
}

/** Last lines of the node's log; none when the observation has none. */
export function logsOf(node: NodeState): readonly string[] {
  return recordedLogs(node) ?? [];
}

/** As `logsOf`, but null where nobody read the log: an observation of a running server may come without it. */
export function recordedLogs(node: NodeState): readonly string[] | null {
  return node.server.logs ?? null;
}

function newest(lines: readonly string[], signs: Sign[]): Cause | null {
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = lines[at] ?? '';
    const sign = signs.find((one) => one.pattern.test(line));
    if (!sign) continue;
    const next = lines[at + 1] ?? '';
    const detail = /\bDETAIL:/.test(next) ? ` ${next.slice(next.indexOf('DETAIL:'))}` : '';
    return { mistake: sign.mistake, line: quote(line + detail), means: sign.means };
  }
  return null;
}
