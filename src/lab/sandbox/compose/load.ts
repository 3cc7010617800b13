import { homedir } from 'node:os';
import path from 'node:path';
import type { Bounds } from './bounds.ts';
import { DotenvError, readDotenv } from './env/dotenv.ts';
import { interpolate } from './env/interpolate.ts';
import type { Variables } from './env/template.ts';
import { composeFiles, type Lookup, NoComposeFile, projectDirectory } from './files.ts';
import { canonical } from './model/canonical.ts';
import { plainTree } from './model/fields.ts';
import { merge } from './model/merge.ts';
import { absolutePath } from './model/paths.ts';
import { buildProject } from './model/project.ts';
import { uniqueItems } from './model/unique.ts';
import { foundName, givenName, writtenName } from './project-name.ts';
import { composeFile } from './schema/file.ts';
import { validate } from './schema/validate.ts';
import { BeyondSandbox, ComposeError, isMapping, type Mapping, mapping, type Value } from './value.ts';
import { decodeText } from './yaml/decode.ts';
import { readYaml } from './yaml/read.ts';

export interface ComposeSource extends Lookup {
  project: string | null;
  env: NodeJS.ProcessEnv;
  written(document: object, file: string): void;
}

/** Reads, checks and joins the compose files. Throws ComposeError and BeyondSandbox. */
export async function load(
  source: ComposeSource,
): Promise<{ project: Mapping; files: string[]; directory: string }> {
  const given = source.project ? givenName(source.project, 1) : null;
  const first = await environment(source, path.resolve(source.cwd, source.directory ?? '.'));
  const named = source.named.length > 0 ? source.named : split(first.get('COMPOSE_FILE'), ':');
  const files = await composeFiles({ ...source, named });
  const directory = projectDirectory(source, files);
  // Compose reads `.env` once more in between, which shows where the file names unknown variables.
  await environment(source, directory);
  const env = await environment(source, directory);
  const { bounds, warn } = source;
  const texts = await Promise.all(files.map((file) => readText(file, bounds)));
  const variables: Variables = { get: (name) => env.get(name), warn, spend: bounds.spend };
  const reading = { variables, bounds, written: source.written };
  const project = given ?? nameOf(texts, directory, reading);
  env.set('COMPOSE_PROJECT_NAME', project);
  let file: Mapping = {};
  for (const [i, text] of texts.entries()) file = overlay(file, text, files[i] ?? '', reading);
  file = uniqueItems(canonical(file, warn, bounds.ports));
  if (Object.keys(file).length === 0) throw new ComposeError('empty compose file');
  const folders = { project: directory, home: source.env.HOME ?? bounds.home ?? homedir() };
  const built = await buildProject(file, {
    project,
    folders,
    variables,
    profiles: split(env.get('COMPOSE_PROFILES'), ','),
    envFile: (service) =>
      serviceVariables(service.env_file ?? [], (written) => absolutePath(written, folders), reading),
  });
  return { project: plainTree(built) as Mapping, files, directory };
}

function split(list: string | undefined, separator: string): string[] {
  return (list ?? '').split(separator).filter((part) => part !== '');
}

/** The environment, and below it what the folder's `.env` sets. */
async function environment(
  { env, warn, bounds }: ComposeSource,
  folder: string,
): Promise<Map<string, string>> {
  const own = new Map(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const file = path.join(folder, '.env');
  const bytes = await bounds.read(file).catch((error: unknown) => {
    if (error instanceof ComposeError) throw error;
    return null;
  });
  if (bytes === null) return own;
  try {
    const found = readDotenv(bytes.toString(), { get: (name) => own.get(name), warn, spend: bounds.spend });
    if (found.has('')) throw new ComposeError('setenv: invalid argument', 1);
    return new Map([...found, ...own]);
  } catch (error) {
    if (!(error instanceof DotenvError)) throw error;
    throw new ComposeError(`failed to read ${file}: ${error.message}`, 1);
  }
}

async function readText(file: string, bounds: Bounds): Promise<string> {
  try {
    return decodeText(await bounds.read(file));
  } catch (error) {
    if (error instanceof ComposeError) throw error;
    throw new NoComposeFile(openError(file, error));
  }
}

/** A file that can not be read, in Go's words. */
function openError(file: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'EISDIR') return `read ${file}: is a directory`;
  const reasons: Record<string, string> = {
    ENOENT: 'no such file or directory',
    EACCES: 'permission denied',
    ENOTDIR: 'not a directory',
  };
  return `open ${file}: ${reasons[code] ?? code}`;
}

interface Reading {
  variables: Variables;
  bounds: Bounds;
  written(document: object, file: string): void;
}

function nameOf(texts: string[], directory: string, { variables, bounds }: Reading): string {
  const set = variables.get('COMPOSE_PROJECT_NAME');
  if (set) return givenName(set, 15);
  let written: string | null = null;
  for (const text of texts) {
    const { value: document } = readYaml(text, bounds.yaml).next();
    if (document !== undefined) written = writtenName(document, variables) ?? written;
  }
  return foundName(written, directory);
}

/** Puts the documents of a file over what was read before, and checks the sum. */
function overlay(
  below: Mapping,
  text: string,
  name: string,
  { variables, bounds, written }: Reading,
): Mapping {
  let file = below;
  for (const { value } of readYaml(text, bounds.yaml)) {
    if (!isMapping(value)) throw new ComposeError('Top-level object must be a mapping');
    const filled = interpolate(value, variables);
    written(plainTree(filled) as Mapping, name);
    checkSupported(filled);
    file = uniqueItems(merge(file, isMapping(filled) ? filled : {}));
    validate(composeFile, file, name);
    if ('version' in file) {
      variables.warn(
        `${name}: the attribute \`version\` is obsolete, it will be ignored, please remove it to avoid potential confusion`,
      );
      file = mapping(Object.entries(file).filter(([key]) => key !== 'version'));
    }
  }
  return file;
}

/** Looks for what would take other files, before the schema is asked, as Compose does. */
function checkSupported(file: Value): void {
  if (!isMapping(file)) return;
  const { services } = file;
  if (file.include !== undefined) throw new BeyondSandbox('include');
  if (services === undefined) return;
  if (!isMapping(services)) throw new ComposeError('services must be a mapping');
  for (const [name, service] of Object.entries(services)) {
    if (service === null) continue;
    if (!isMapping(service)) throw new ComposeError(`services.${name} must be a mapping`);
    for (const name of ['extends', 'develop', 'label_file']) {
      if (service[name] !== undefined) throw new BeyondSandbox(name);
    }
  }
}

async function serviceVariables(
  written: Value,
  absolute: (file: string) => string,
  { variables: outside, bounds }: Reading,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const item of Array.isArray(written) ? written : [written]) {
    const { path: name, required = true } = isMapping(item) ? item : { path: item };
    const file = absolute(String(name));
    if (!(await bounds.exists(file))) {
      if (required === false) continue;
      throw new ComposeError(`env file ${file} not found: stat ${file}: no such file or directory`, 14);
    }
    const text = await readText(file, bounds);
    const get = (variable: string) => found.get(variable) ?? outside.get(variable);
    for (const [key, value] of fileVariables(text, { ...outside, get })) found.set(key, value);
  }
  return found;
}

function fileVariables(text: string, outside: Variables): Map<string, string> {
  try {
    return readDotenv(text, outside);
  } catch (error) {
    if (error instanceof DotenvError) throw new ComposeError(error.message);
    throw error;
  }
}
