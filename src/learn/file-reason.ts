const REASONS: Record<string, string> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'that file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  ENAMETOOLONG: 'the name is too long',
  EEXIST: 'something that is not a folder is in the way',
  ENOTDIR: 'something that is not a folder is in the way',
  EISDIR: 'a folder is in the way',
  ENOENT: 'its folder is not there any more',
};

/** Why something could not be written, to follow a colon. What has no word here keeps the system's own. */
export function fileReason(error: unknown): string {
  const { code = '', message } = error as { code?: string; message?: string };
  return REASONS[code] ?? message ?? String(error);
}
