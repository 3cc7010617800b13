import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from '../../bundle.ts';

/**
 * Bundles a fixture program as the package is bundled: it starts fast, and what the bundle replaces (is-in-ci) is
 * replaced here too.
 * @returns path of the program, and the function that removes it
 */
export async function bundledFixture(entry: string): Promise<{ program: string; remove(): Promise<void> }> {
  const { files } = await bundle({ cli: entry });
  // Inside the repository, so that the modules that stay outside of the bundle are found.
  const parent = join(import.meta.dirname, '../../node_modules/.cache');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'fixture-'));
  for (const [name, contents] of files) await writeFile(join(folder, name), contents);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  return { program: join(folder, 'cli.js'), remove: () => rm(folder, { recursive: true, force: true }) };
}
