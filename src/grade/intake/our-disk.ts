import { UnusableError } from '../room.ts';
import { EntryError } from './entry.ts';

/** Names that some file systems can't have, whatever we allow. */
const NAME_CODES = ['ENAMETOOLONG', 'EILSEQ', 'EINVAL'];

/**
 * Does something in a folder of ours. What fails there is not the submission's fault: throws UnusableError. Only of a
 * name that can't be had on this disk it throws EntryError.
 */
export async function ours<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (NAME_CODES.includes(code))
      throw new EntryError('name-too-long', "has a name that this disk can't hold");
    const reason = code === 'ENOSPC' ? 'the disk is full' : String(error);
    throw new UnusableError(
      `The copy of the submission could not be written: ${reason}.`,
      'Make room on the disk, or set TMPDIR to a folder with room, then grade again.',
    );
  }
}
