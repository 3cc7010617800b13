import { existsSync } from 'node:fs';
import { chmod, chown, lchown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ContainerSpec } from '../engine/types.ts';
import type { Account } from '../server/account.ts';
import type { Programs } from '../server/programs.ts';
import type { Layout } from './layout.ts';
import { askSetting, type Runner, runProgram } from './postgres.ts';

export interface Entry {
  spec: ContainerSpec;
  layout: Layout;
  account: Account | null;
  runner: Runner;
  programs: Programs;
  /** Arguments of the server's command, paths already those of this machine. */
  serverArgs: string[];
  log(text: string): void;
}

/** Makes the data folder the server's: as the image's entrypoint does at every start, when it starts as root. */
export async function ownDataFolder({ layout, account }: Pick<Entry, 'layout' | 'account'>): Promise<void> {
  await mkdir(layout.dataFolder, { recursive: true });
  await chmod(layout.dataFolder, 0o700).catch(() => {});
  if (account === null) return;
  const { uid, gid } = account;
  await chown(layout.dataFolder, uid, gid);
  for (const entry of await readdir(layout.dataFolder, { recursive: true, withFileTypes: true })) {
    const full = path.join(entry.parentPath, entry.name);
    const stats = await stat(full).catch(() => null);
    // Whoever has it already keeps it: a cluster has a thousand files.
    if (stats?.uid !== uid) await lchown(full, uid, gid).catch(() => {});
  }
}

/**
 * What the image's entrypoint does before the server: on an empty data folder it makes a cluster from POSTGRES_USER,
 * POSTGRES_PASSWORD and POSTGRES_DB; on another one it reads none of them. Returns the exit code, 0 when the server
 * may start.
 */
export async function initialise(entry: Entry): Promise<number> {
  const { layout, log, spec } = entry;
  const version = path.join(layout.dataFolder, 'PG_VERSION');
  if (await hasContent(version)) {
    log('\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n');
    return 0;
  }
  const { POSTGRES_PASSWORD: password = '', POSTGRES_HOST_AUTH_METHOD: method = '' } = spec.env;
  if (password === '' && method !== 'trust') {
    log(NO_PASSWORD);
    return 1;
  }
  const user = spec.env.POSTGRES_USER || 'postgres';
  const code = await makeCluster(entry, user, password);
  if (code !== 0) return code;
  await addRule(entry, method);
  const made = await makeDatabase(entry, spec.env.POSTGRES_DB || user);
  if (made !== 0) return made;
  log('\nPostgreSQL init process complete; ready for start up.\n\n');
  return 0;
}

const NO_PASSWORD = `Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html
`;

async function makeCluster(entry: Entry, user: string, password: string): Promise<number> {
  const { layout, runner, programs, account, log } = entry;
  const passwordFile = path.join(layout.runFolder, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  try {
    const args = ['-D', runner.dataArgument, `--username=${user}`, '--encoding=UTF8', '--locale=C'];
    // Not told apart by a learner, and half of the time: what a power failure could take is made anew in a second.
    args.push('--no-sync', ...(password === '' ? [] : [`--pwfile=${passwordFile}`]));
    const { exitCode } = await runProgram(runner, programs.initdb, args, { onOutput: log, onError: log });
    return exitCode ?? 1;
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Connections from elsewhere need the password: the image adds this one line to initdb's own rules. */
async function addRule({ layout, runner, programs, serverArgs }: Entry, method: string): Promise<void> {
  const chosen =
    method ||
    (await askSetting(runner, programs.postgres, serverArgs, 'password_encryption')) ||
    'scram-sha-256';
  const file = path.join(layout.dataFolder, 'pg_hba.conf');
  const rules = await readFile(file, 'utf8');
  await writeFile(file, `${rules}\nhost all all all ${chosen}\n`);
}

/** Single-user mode: no port and no socket are open while nothing but this is to be done. */
async function makeDatabase(entry: Entry, name: string): Promise<number> {
  const { runner, programs, serverArgs, log } = entry;
  if (name === 'postgres') return 0;
  const args = ['--single', '-D', runner.dataArgument, ...serverArgs, 'postgres'];
  const input = `CREATE DATABASE "${name.replaceAll('"', '""')}"\n`;
  let said = '';
  const { exitCode } = await runProgram(runner, programs.postgres, args, {
    input,
    onOutput: () => {}, // its prompt
    onError: (text) => {
      said += text;
    },
  });
  // Single-user mode ends well whatever became of the statement.
  if (exitCode === 0 && !/ERROR:/.test(said)) {
    log('CREATE DATABASE\n\n');
    return 0;
  }
  log(said);
  return exitCode || 1;
}

async function hasContent(file: string): Promise<boolean> {
  return existsSync(file) && (await stat(file)).size > 0;
}
