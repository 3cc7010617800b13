import type { Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { eagerPackages } from '../../../bundle.ts';

type Kind = Metafile['outputs'][string]['imports'][number]['kind'];

/** `cli.js` imports `chunk.js` in the given way, and that holds yaml, imported by src/read.ts. */
function metafile(kind: Kind): Metafile {
  const output = { bytes: 1, exports: [], imports: [] };
  const source = { bytesInOutput: 1 };
  return {
    inputs: {
      'src/cli.ts': { bytes: 1, imports: [] },
      'src/read.ts': {
        bytes: 1,
        imports: [{ path: 'node_modules/yaml/index.js', kind: 'import-statement' }],
      },
      'node_modules/yaml/index.js': { bytes: 1, imports: [] },
    },
    outputs: {
      'dist/cli.js': {
        ...output,
        inputs: { 'src/cli.ts': source },
        imports: [
          { path: 'dist/chunk.js', kind },
          { path: 'node:fs', kind: 'import-statement', external: true },
        ],
      },
      'dist/chunk.js': { ...output, inputs: { 'src/read.ts': source, 'node_modules/yaml/index.js': source } },
    },
  };
}

describe('eagerPackages', () => {
  it('finds a heavy package behind static imports, and who imports it', () => {
    expect(eagerPackages(metafile('import-statement'), 'dist/cli.js')).toEqual([
      'yaml (imported by src/read.ts)',
    ]);
  });

  it('allows it behind a dynamic import', () => {
    expect(eagerPackages(metafile('dynamic-import'), 'dist/cli.js')).toEqual([]);
  });
});
