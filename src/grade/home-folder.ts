import { projectNameOf } from '../course/project-name.ts';
import type { Course } from '../course/types.ts';
import { writtenFiles } from '../course/written-files.ts';
import { readFromCopy } from './copy-files.ts';
import type { Remark } from './types.ts';

/** The folder of the reference. */
export const HOME_FOLDER = 'solutions';
/** A folder's name has an end, and so has the path of a server's socket in it. */
const LONGEST = 60;

/**
 * The name of the folder in which a submission was written, as its scripts tell. Compose names the network after the
 * folder, so a script that joins the network has that name in it, and it runs only in a folder that is called so. No
 * hand-in keeps the name of the folder. Answers the reference's where the scripts name no network, or more than one.
 */
export async function homeFolder(
  workspace: string,
  { lessons, names }: Course,
): Promise<{ name: string; remarks: Remark[] }> {
  const network = (names.network ?? '').replace(/[^\w-]/g, '\\$&');
  const mention = new RegExp(`(?<![\\w.$}-])([a-z0-9][a-z0-9_-]*)_${network}(?![\\w-])`, 'g');
  const found = new Map<string, string>();
  for (const { path: file } of writtenFiles(lessons).filter(({ path }) => path.endsWith('.sh')))
    for (const [, name = ''] of ((await readFromCopy(workspace, file)) ?? '').matchAll(mention))
      found.set(name, file);
  const [[name, file] = [HOME_FOLDER, '']] = found;
  if (found.size > 1 || name === HOME_FOLDER || name.length > LONGEST || projectNameOf(name) !== name)
    return { name: HOME_FOLDER, remarks: [] };
  const message = `The script names the network of a folder called ${name}, so it was run in a folder of that name.`;
  return { name, remarks: [{ kind: 'note', id: 'home-folder', where: file, message }] };
}
