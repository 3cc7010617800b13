import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ask } from '../lab/ask.ts';
import type { FileState } from './types.ts';

/** Larger files are not read: none of the course's is near it. */
const TEXT_LIMIT = 256 * 1024;

/** What is at a path of the workspace. Links are followed by the file system; a link to nowhere counts as missing. */
export async function readFileState(workspace: string, relative: string): Promise<FileState> {
  const full = path.join(workspace, relative);
  try {
    const link = await lstat(full);
    const stats = link.isSymbolicLink() ? await stat(full) : link;
    if (stats.isDirectory()) {
      return { kind: 'folder', uid: stats.uid, mode: stats.mode & 0o7777, entries: await countEntries(full) };
    }
    if (!stats.isFile())
      return { kind: 'other', what: link.isSymbolicLink() ? 'a link' : 'neither a file nor a folder' };
    const text = stats.size > TEXT_LIMIT ? null : await readFile(full, 'utf8').catch(() => null);
    const state: FileState = {
      kind: 'file',
      uid: stats.uid,
      mode: stats.mode & 0o7777,
      bytes: stats.size,
      text,
    };
    return relative.endsWith('.sh') ? { ...state, syntax: await bashSyntax(full) } : state;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'other', what: `something that can't be read (${code ?? 'error'})` };
  }
}

async function countEntries(folder: string): Promise<number | null> {
  try {
    return (await readdir(folder)).length;
  } catch {
    return null;
  }
}

/** What bash thinks of a script without running it; '' when it is content. */
async function bashSyntax(file: string): Promise<string> {
  const { exitCode, stderr } = await ask('bash', ['-n', file], { timeoutMs: 5000 });
  return exitCode === 0 ? '' : stderr.trim() || 'bash can not read it';
}
