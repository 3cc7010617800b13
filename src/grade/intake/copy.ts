import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Remark } from '../types.ts';
import { openPlain } from './bytes.ts';
import { type Entry, EntryError } from './entry.ts';
import type { Found } from './find.ts';
import { folderEntries } from './from-folder.ts';
import { tarEntries } from './from-tar.ts';
import { zipEntries } from './from-zip.ts';
import { createMeter, INTAKE_LIMITS, IntakeError, type IntakeLimits } from './limits.ts';
import { staysInside } from './links.ts';
import { archiveKind, folded, isData, isJunk, printable, readName } from './names.ts';
import { ours } from './our-disk.ts';
import { gatherRemarks, type Remarks } from './remarks.ts';
import { findWorkspaces, split } from './top.ts';
import { growTree, keyOf, type Node, type Tree } from './tree.ts';

/**
 * Copies a submission into the folder `into`, which is empty or not there yet, and on no way outside of it. Files are
 * 0644 or 0755, folders 0755. The workspace is the top of the copy, whatever folders are around it. What a submission
 * may not hold is left out and told. Of two entries with the same name, the first stays. Throws IntakeError when no
 * workspace is in it, or more than one, and UnusableError when `into` can't be written. Then `into` is empty again.
 */
export async function takeCopy(
  found: Found,
  into: string,
  limits: IntakeLimits = INTAKE_LIMITS,
): Promise<Remark[]> {
  await ours(() => mkdir(into, { recursive: true }));
  if ((await readdir(into)).length > 0) throw new Error(`takeCopy: ${into} is not empty`);
  const remarks = gatherRemarks(found.name);
  // Files are written one folder down, where nobody else may look, and are lifted up when all are there.
  const scratch = path.join(into, `.intake-${randomUUID()}`);
  await ours(() => mkdir(scratch, { mode: 0o700 }));
  try {
    const tree = await fill(found, scratch, limits, remarks);
    refuseEmpty(tree, found.name, remarks);
    await lift(tree, theWorkspace(tree, found.name), into, remarks);
    await ours(() => rm(scratch, { recursive: true, force: true }));
    return remarks.all();
  } catch (error) {
    await empty(into);
    throw error;
  }
}

async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    await rm(path.join(folder, name), { recursive: true, force: true });
}

/** Reads the submission into the folder `scratch`. */
async function fill(found: Found, scratch: string, limits: IntakeLimits, remarks: Remarks): Promise<Tree> {
  const { name, kind } = found;
  if (kind === 'folder') {
    const meter = createMeter(limits, name, null);
    const tree = growTree(scratch, limits, meter);
    await addAll(folderEntries(found.path, name, limits, meter), tree, limits, remarks);
    return tree;
  }
  const handle = await openArchive(found);
  try {
    const { size } = await handle.stat();
    const meter = createMeter(limits, name, size);
    const tree = growTree(scratch, limits, meter);
    const entries = kind === 'zip' ? zipEntries(handle, size, name, meter) : tarEntries(handle, name, meter);
    await addAll(entries, tree, limits, remarks);
    return tree;
  } finally {
    await handle.close();
  }
}

async function openArchive({ name, path: file }: Found): Promise<FileHandle> {
  const handle = await openPlain(file).catch(() => null);
  if (handle === null) throw new IntakeError('unreadable', name, `The archive ${name} can't be read.`);
  return handle;
}

async function addAll(
  entries: AsyncIterable<Entry>,
  tree: Tree,
  limits: IntakeLimits,
  remarks: Remarks,
): Promise<void> {
  /** Folders that are left out, with all that is in them: told once. */
  const left = new Set<string>();
  for await (const entry of entries) {
    const parts = readName(entry.name, limits.depth);
    const where = printable(entry.name);
    if (!Array.isArray(parts)) {
      remarks.add(leftOut(parts.id, where, parts.what));
      continue;
    }
    if (parts.length === 0 || parts.some(isJunk)) continue;
    const data = parts.findIndex(isData);
    if (data !== -1) {
      const folder = printable(parts.slice(0, data + 1).join('/'));
      if (!left.has(folder)) remarks.add(dataLeftOut(folder));
      left.add(folder);
      continue;
    }
    if (isBelow(parts, left)) continue;
    try {
      await tree.add(parts, entry);
    } catch (error) {
      if (!(error instanceof EntryError)) throw error;
      if (entry.type === 'folder') left.add(folded(parts.join('/')));
      remarks.add(leftOut(error.id, where, error.what));
    }
  }
}

const isBelow = (parts: string[], folders: Set<string>): boolean =>
  parts.some((_, i) => folders.has(folded(parts.slice(0, i).join('/'))));

function leftOut(id: string, where: string, what: string): Remark {
  return { kind: 'intake', id, where, message: `${where} ${what}, so it was left out.` };
}

function dataLeftOut(folder: string): Remark {
  const message = `${folder} was left out: a submission does not bring the data of its servers.`;
  return { kind: 'note', id: 'data-left-out', where: folder, message };
}

/** Folders alone have no mark: what they lack is put there by the grader, and would be marked. */
function refuseEmpty({ nodes }: Tree, name: string, remarks: Remarks): void {
  if ([...nodes.values()].some(({ kind }) => kind !== 'folder')) return;
  if (remarks.all().some(({ id }) => id === 'encrypted'))
    throw new IntakeError('encrypted', name, `${name} needs a password. Pack it again without one.`);
  throw new IntakeError('empty-submission', name, `${name} holds no file that can be graded.`);
}

/** The folder that is graded, as its parts from the top. Which of two is meant, only their student knows. */
function theWorkspace({ nodes }: Tree, name: string): string[] {
  const [top, ...others] = findWorkspaces(nodes.values());
  if (top === undefined) throw new IntakeError('no-workspace', name, noWorkspace(nodes.values(), name));
  if (others.length === 0) return top;
  const folders = [top, ...others].map((parts) => printable(parts.join('/'))).sort();
  const count = NUMBERS[folders.length] ?? folders.length;
  const message = `There are ${count} workspaces in it: ${listed(folders)}. Keep one.`;
  throw new IntakeError('two-workspaces', name, message);
}

function noWorkspace(nodes: Iterable<Node>, name: string): string {
  const archives = [...nodes]
    .filter(({ kind, parts }) => kind === 'file' && archiveKind(parts.at(-1) ?? '') !== null)
    .map(({ parts }) => printable(parts.join('/')));
  const lacks = `${name} has no docker-compose.yml, and no folder leader or follower.`;
  if (archives.length === 0) return lacks;
  return `${lacks} Archives in it were not opened: ${listed(archives)}. Keep one archive alone, or unpack it.`;
}

const NUMBERS: Record<number, string> = { 2: 'two', 3: 'three', 4: 'four' };

/** Names that are told one by one. */
const LISTED = 5;

const listed = (names: string[]): string =>
  names.length <= LISTED
    ? names.join(', ')
    : `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`;

/** Moves the workspace, which is the folder `top`, up to `into`, and makes the links that stay in it. */
async function lift(tree: Tree, top: string[], into: string, remarks: Remarks): Promise<void> {
  const { inside, beside } = split(tree.nodes.values(), top);
  for (const node of beside) {
    const where = printable(node.parts.join('/'));
    remarks.add(leftOut('beside-workspace', where, `is not in the folder ${printable(top.join('/'))}`));
  }
  for (const { parts, kind } of inside) {
    if (parts.length !== 1 || kind === 'link') continue;
    await ours(() => rename(path.join(tree.folder, ...top, ...parts), path.join(into, ...parts)));
  }
  const nodes = new Map(inside.map((node) => [keyOf(node.parts), node]));
  for (const node of inside) if (node.kind === 'link') await makeLink(node, nodes, into, remarks);
}

async function makeLink(node: Node, nodes: Map<string, Node>, into: string, remarks: Remarks): Promise<void> {
  const where = printable(node.parts.join('/'));
  if (staysInside(node, nodes)) await ours(() => symlink(node.target, path.join(into, ...node.parts)));
  else remarks.add(leftOut('link-outside', where, 'is a link to something that is not in the submission'));
}
