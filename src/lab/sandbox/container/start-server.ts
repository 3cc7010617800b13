import { type ChildProcess, spawn } from 'node:child_process';
import type { Store, StoredContainer } from '../engine/store.ts';
import { namedPaths, rulesSource, serverArguments } from './arguments.ts';
import { realConninfo } from './conninfo.ts';
import { type Entry, initialise, ownDataFolder } from './entrypoint.ts';
import { locatorFor } from './locate.ts';
import { pinFiles, writeRules } from './pins.ts';
import { askSetting } from './postgres.ts';

/** A server process that was started, and what its files said when it was. */
interface Started {
  child: ChildProcess;
  /** Port in the container on which others reach it; null: on none. */
  port: number | null;
  listenAddresses: string | null;
}

/**
 * Runs the entrypoint, then starts the server. Answers an exit code where it does not come to that. Mounts are made
 * anew at every start, also when the restart policy starts it again.
 */
export async function startServer(
  store: Store,
  stored: StoredContainer,
  base: Omit<Entry, 'serverArgs'>,
): Promise<Started | number> {
  const { spec, layout, runner, programs, log } = base;
  await pinFiles(layout, spec, namedPaths(spec));
  const args = serverArguments(spec, layout, runner.dataArgument);
  if (args === null) {
    log(`the sandbox does not know the command ${spec.command[0]}: a container of it runs postgres only\n`);
    return 127;
  }
  await ownDataFolder(base);
  const code = await initialise({ ...base, serverArgs: args });
  if (code !== 0) return code;

  const ask = (name: string) => askSetting(runner, programs.postgres, args, name);
  const [listenAddresses, port, conninfo] = await Promise.all([
    ask('listen_addresses'),
    ask('port'),
    ask('primary_conninfo'),
  ]);
  const reachable = listenAddresses === null || !onlyItself(listenAddresses);
  const { containers } = await store.read();
  await writeRules(layout, rulesSource(spec, layout), namesOf(containers));
  const real = conninfo ? realConninfo(conninfo, await locatorFor(store, stored, containers)) : null;
  const forced = {
    // Never a port that another machine could reach.
    listen_addresses: reachable ? '127.0.0.1' : '',
    port: String(stored.tcpPort),
    unix_socket_directories: layout.runFolder,
    hba_file: layout.rulesFile,
    ...(real === null ? {} : { primary_conninfo: real }),
  };
  const all = [...args, ...Object.entries(forced).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const { options, done } = runner.options();
  const child = spawn(programs.postgres, ['-D', runner.dataArgument, ...all], options);
  done();
  child.stdin?.end();
  return { child, port: reachable ? Number(port ?? 5432) : null, listenAddresses };
}

export function namesOf(containers: readonly Pick<StoredContainer, 'spec'>[]): string[] {
  return containers.flatMap(({ spec }) => [spec.name, ...spec.networks.flatMap(({ aliases }) => aliases)]);
}

/** True for a value of listen_addresses with which a server in a container can't be reached from outside of it. */
function onlyItself(value: string): boolean {
  return value
    .split(',')
    .every((one) => /^(?:|localhost|127\.\d+\.\d+\.\d+|::1)$/.test(one.trim().toLowerCase()));
}
