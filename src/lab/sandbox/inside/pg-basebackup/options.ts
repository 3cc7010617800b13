import { getopt, type OptionSpec } from '../psql/getopt.ts';
import { PSQL_VERSION } from '../psql/options.ts';
import { USAGE } from './usage.ts';

/** What pg_basebackup's command line asks for. */
export interface Options {
  /** Path of the container, as typed. */
  directory: string;
  wal: 'none' | 'fetch' | 'stream';
  fastCheckpoint: boolean;
  createSlot: boolean;
  /** null: a temporary one, unless `noSlot`. */
  slot: string | null;
  noSlot: boolean;
  writeRecoveryConf: boolean;
  label: string;
  verbose: boolean;
  progress: boolean;
  noClean: boolean;
  sync: boolean;
  estimateSize: boolean;
  verifyChecksums: boolean;
  manifest: boolean;
  manifestForceEncode: boolean;
  manifestChecksums: string | null;
  conninfo: string | null;
  host: string | null;
  port: string | null;
  user: string | null;
  neverPrompt: boolean;
}

export type OptionsResult =
  | { ok: true; options: Options }
  /** Not an error: the text for stdout. */
  | { ok: false; stdout: string }
  | { ok: false; message: string; exitCode: number };

const SPECS: readonly OptionSpec[] = [
  { long: 'help', short: '?' },
  { long: 'version', short: 'V' },
  { long: 'pgdata', short: 'D', argument: true },
  { long: 'format', short: 'F', argument: true },
  { long: 'checkpoint', short: 'c', argument: true },
  { long: 'create-slot', short: 'C' },
  { long: 'max-rate', short: 'r', argument: true, foreign: true },
  { long: 'write-recovery-conf', short: 'R' },
  { long: 'slot', short: 'S', argument: true },
  { long: 'tablespace-mapping', short: 'T', argument: true, foreign: true },
  { long: 'wal-method', short: 'X', argument: true },
  { long: 'gzip', short: 'z', foreign: true },
  { long: 'compress', short: 'Z', argument: true, foreign: true },
  { long: 'label', short: 'l', argument: true },
  { long: 'no-clean', short: 'n' },
  { long: 'no-sync', short: 'N' },
  { long: 'dbname', short: 'd', argument: true },
  { long: 'host', short: 'h', argument: true },
  { long: 'port', short: 'p', argument: true },
  { long: 'username', short: 'U', argument: true },
  { long: 'no-password', short: 'w' },
  { long: 'password', short: 'W', foreign: true },
  { long: 'status-interval', short: 's', argument: true },
  { long: 'verbose', short: 'v' },
  { long: 'progress', short: 'P' },
  { long: 'waldir', argument: true, foreign: true },
  { long: 'no-slot' },
  { long: 'no-verify-checksums' },
  { long: 'no-estimate-size' },
  { long: 'no-manifest' },
  { long: 'manifest-force-encode' },
  { long: 'manifest-checksums', argument: true },
];

const TRY = 'Try "pg_basebackup --help" for more information.';

type Draft = Omit<Options, 'directory'> & { directory: string | null };

/** Reads pg_basebackup's command line; `argv` begins with its name. */
export function parseOptions(argv: readonly string[]): OptionsResult {
  const parsed = getopt(argv, SPECS);
  if (!parsed.ok) return parsed;
  const draft: Draft = {
    directory: null,
    wal: 'stream',
    fastCheckpoint: false,
    createSlot: false,
    slot: null,
    noSlot: false,
    writeRecoveryConf: false,
    label: 'pg_basebackup base backup',
    verbose: false,
    progress: false,
    noClean: false,
    sync: true,
    estimateSize: true,
    verifyChecksums: true,
    manifest: true,
    manifestForceEncode: false,
    manifestChecksums: null,
    conninfo: null,
    host: null,
    port: null,
    user: null,
    neverPrompt: false,
  };
  for (const word of parsed.words) {
    if (word.kind === 'word') continue;
    if (word.long === 'version') return { ok: false, stdout: `pg_basebackup (PostgreSQL) ${PSQL_VERSION}\n` };
    if (word.long === 'help') return { ok: false, stdout: USAGE };
    const wrong = apply(draft, word.long, word.value);
    if (wrong !== null) return { ok: false, ...wrong };
  }
  const extra = parsed.words.find(({ kind }) => kind === 'word');
  if (extra) return invalid(`too many command-line arguments (first is "${extra.value}")`);
  const { directory } = draft;
  if (directory === null) return invalid('no target directory specified');
  const options = { ...draft, directory };
  const clash = clashOf(options);
  return clash === null ? { ok: true, options } : invalid(clash);
}

function invalid(message: string): OptionsResult {
  return { ok: false, message: `pg_basebackup: error: ${message}\n${TRY}`, exitCode: 1 };
}

const error = (message: string) => ({ message: `pg_basebackup: error: ${message}`, exitCode: 1 });

const FLAGS: Record<string, Partial<Draft>> = {
  'create-slot': { createSlot: true },
  'write-recovery-conf': { writeRecoveryConf: true },
  'no-slot': { noSlot: true },
  'no-clean': { noClean: true },
  'no-sync': { sync: false },
  'no-password': { neverPrompt: true },
  verbose: { verbose: true },
  progress: { progress: true },
  'no-verify-checksums': { verifyChecksums: false },
  'no-estimate-size': { estimateSize: false },
  'no-manifest': { manifest: false },
  'manifest-force-encode': { manifestForceEncode: true },
};

const WAL_METHODS: Record<string, Options['wal']> = {
  n: 'none',
  none: 'none',
  f: 'fetch',
  fetch: 'fetch',
  s: 'stream',
  stream: 'stream',
};

function apply(draft: Draft, long: string, value: string): { message: string; exitCode: number } | null {
  Object.assign(draft, FLAGS[long]);
  if (long === 'pgdata') draft.directory = value;
  else if (long === 'slot') draft.slot = value;
  else if (long === 'label') draft.label = value;
  else if (long === 'dbname') draft.conninfo = value;
  else if (long === 'host') draft.host = value;
  else if (long === 'port') draft.port = value;
  else if (long === 'username') draft.user = value;
  else if (long === 'manifest-checksums') draft.manifestChecksums = value;
  else if (long === 'format') {
    if (value === 't' || value === 'tar')
      return { message: 'the sandbox does not know the format tar of pg_basebackup', exitCode: 125 };
    if (value !== 'p' && value !== 'plain')
      return error(`invalid output format "${value}", must be "plain" or "tar"`);
  } else if (long === 'wal-method') {
    const method = WAL_METHODS[value];
    if (method === undefined)
      return error(`invalid wal-method option "${value}", must be "fetch", "stream", or "none"`);
    draft.wal = method;
  } else if (long === 'checkpoint') {
    if (!/^(fast|spread)$/i.test(value))
      return error(`invalid checkpoint argument "${value}", must be "fast" or "spread"`);
    draft.fastCheckpoint = /^fast$/i.test(value);
  } else if (long === 'status-interval' && Number.parseInt(value, 10) < 0)
    return error(`invalid status interval "${value}"`);
  return null;
}

/** Options that can't go together, in the order in which the real one looks at them. */
function clashOf(options: Options): string | null {
  const incompatible = (one: string, other: string) => `${one} and ${other} are incompatible options`;
  if (options.slot !== null && options.wal !== 'stream')
    return 'replication slots can only be used with WAL streaming';
  if (options.noSlot && options.slot !== null) return '--no-slot cannot be used with slot name';
  if (options.createSlot && options.slot === null)
    return '--create-slot needs a slot to be specified using --slot';
  if (options.progress && !options.estimateSize) return incompatible('--progress', '--no-estimate-size');
  if (!options.manifest && options.manifestChecksums !== null)
    return incompatible('--no-manifest', '--manifest-checksums');
  if (!options.manifest && options.manifestForceEncode)
    return incompatible('--no-manifest', '--manifest-force-encode');
  return null;
}
