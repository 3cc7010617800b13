import { lstat, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ask } from '../lab/ask.ts';
import { readWithin } from '../lab/read-within.ts';
import type { FileState } from './types.ts';

/** Larger files are not read: none of the course's is near it. */
const TEXT_LIMIT = 256 * 1024;

/**
 * What is at each of these paths of the workspace, by path. Scripts are shown to bash, all of them in one go.
 * @param confined Nothing outside of the workspace is read, by links neither, even while somebody changes them.
 */
export async function readFileStates(
  workspace: string,
  paths: readonly string[],
  { confined = false } = {},
): Promise<Record<string, FileState>> {
  const found = await Promise.all(
    paths.map(async (file) => [file, await readPath(workspace, file, confined)] as const),
  );
  const scripts = found.flatMap(([file, state]) =>
    state.kind === 'file' && file.endsWith('.sh') ? [{ full: path.join(workspace, file), file, state }] : [],
  );
  const unknown = scripts.filter((script) => knownSyntax(script) === undefined);
  const answers = confined
    ? await syntaxOfTexts(unknown.map(({ full, state }) => ({ full, text: state.text ?? '' })))
    : await bashSyntax(unknown.map(({ full }) => full));
  const states: Record<string, FileState> = Object.fromEntries(found);
  for (const script of scripts) {
    const answer = answers[unknown.indexOf(script)];
    if (answer?.sure) known.set(script.full, { text: script.state.text, syntax: answer.syntax });
    states[script.file] = { ...script.state, syntax: answer?.syntax ?? knownSyntax(script) ?? '' };
  }
  return states;
}

/** What bash said of a text, by path: the walk looks every second, and the script changes once an hour. */
const known = new Map<string, { text: string | null; syntax: string }>();

function knownSyntax({ full, state }: { full: string; state: { text: string | null } }): string | undefined {
  const last = known.get(full);
  return last && state.text !== null && last.text === state.text ? last.syntax : undefined;
}

/** Links are followed by the file system; a link to nowhere counts as missing. */
async function readPath(workspace: string, relative: string, confined: boolean): Promise<FileState> {
  const full = path.join(workspace, relative);
  try {
    const link = await lstat(full);
    if (confined && !(await realpath(full)).startsWith(`${workspace}/`))
      return { kind: 'other', what: 'a link that leads out of the folder' };
    const stats = link.isSymbolicLink() ? await stat(full) : link;
    if (stats.isDirectory()) {
      return { kind: 'folder', uid: stats.uid, mode: stats.mode & 0o7777, entries: await countEntries(full) };
    }
    if (!stats.isFile())
      return { kind: 'other', what: link.isSymbolicLink() ? 'a link' : 'neither a file nor a folder' };
    const read = async () => (confined ? await readWithin(workspace, full) : await readFile(full));
    const content = stats.size > TEXT_LIMIT ? null : await read().catch(() => null);
    const text = content === null || content.length > TEXT_LIMIT ? null : content.toString('utf8');
    return { kind: 'file', uid: stats.uid, mode: stats.mode & 0o7777, bytes: stats.size, text };
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

/** Prints, for each file, what bash thinks of it without running it, its exit code, and a zero byte after each. */
const SYNTAX_SCRIPT = 'for file; do bash -n "$file" 2>&1; printf "\\0%s\\0" "$?"; done';

/**
 * What bash thinks of each script; '' when it is content. `sure`: bash has read it. One process for all: starting it
 * takes longest.
 */
async function bashSyntax(files: string[]): Promise<{ syntax: string; sure: boolean }[]> {
  if (files.length === 0) return [];
  const { stdout, failure } = await ask('bash', ['-c', SYNTAX_SCRIPT, 'bash', ...files], { timeoutMs: 5000 });
  const parts = stdout.split('\0');
  return files.map((_, at) => {
    const [said = '', code] = [parts[at * 2], parts[at * 2 + 1]];
    if (code === '0') return { syntax: '', sure: true };
    return { syntax: said.trim() || failure || 'bash can not read it', sure: said.trim() !== '' };
  });
}

/** The same of texts: bash is not let near files that somebody may swap for links, because it quotes their lines. */
async function syntaxOfTexts(
  scripts: { full: string; text: string }[],
): Promise<{ syntax: string; sure: boolean }[]> {
  if (scripts.length === 0) return [];
  const folder = await mkdtemp(path.join(tmpdir(), 'walkthrough-syntax-'));
  try {
    const copies = scripts.map((_, at) => path.join(folder, `${at}.sh`));
    await Promise.all(copies.map((copy, at) => writeFile(copy, scripts[at]?.text ?? '')));
    const answers = await bashSyntax(copies);
    return answers.map(({ syntax, sure }, at) => {
      const own = syntax.replaceAll(copies[at] ?? '', scripts[at]?.full ?? '');
      return { syntax: own, sure };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
