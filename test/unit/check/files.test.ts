import { file } from '../../../src/check/kinds/file.ts';
import { folder } from '../../../src/check/kinds/folder.ts';
import { script } from '../../../src/check/kinds/script.ts';
import type { FileState } from '../../../src/observe/types.ts';
import { describeKind } from './describe-kind.ts';
import { aFolder, textFile } from './healthy.ts';

const put = (path: string, state: FileState) => ({
  change: (observation: { files: Record<string, FileState> }) => {
    observation.files[path] = state;
  },
});

const BIG: FileState = { kind: 'file', uid: 1000, mode: 0o644, bytes: 900000, text: null };

describeKind(folder, {
  raw: { folder: 'leader-data' },
  stage: 'files',
  passes: {
    'it is a folder': {},
    'it belongs to the user who owns the workspace': { raw: { folder: 'leader-data', is: 'mine' } },
    'it is empty': { raw: { folder: 'follower-data', is: 'empty' } },
    'we may not look inside, but a container saw that it is empty': {
      raw: { folder: 'follower-data', is: 'empty' },
      change: (observation) => {
        observation.files['follower-data'] = aFolder(null, 999);
        observation.nodes.follower.data = {
          state: 'read',
          empty: true,
          version: null,
          present: [],
          control: null,
          autoConf: {},
        };
      },
    },
  },
  troubles: {
    'it is not there': { ...put('leader-data', { kind: 'missing' }), mistake: 'folder-missing' },
    'it was not asked for': { raw: { folder: 'elsewhere' }, mistake: 'folder-missing' },
    'it is a file': { ...put('leader-data', textFile('x')), mistake: 'folder-missing', saw: /no folder/ },
    'it belongs to the postgres user of the image': {
      ...put('leader-data', aFolder(20, 999)),
      raw: { folder: 'leader-data', is: 'mine' },
      mistake: 'data-ownership',
      saw: /user 999, your folder to user 1000/,
    },
    'nobody knows who owns the workspace': {
      ...put('.', { kind: 'missing' }),
      raw: { folder: 'leader-data', is: 'mine' },
      state: 'error',
      mistake: null,
    },
    'it is not empty': {
      ...put('follower-data', aFolder(21)),
      raw: { folder: 'follower-data', is: 'empty' },
      mistake: 'folder-not-empty',
      saw: /21 entries/,
    },
    'we may not look inside, and a container saw files (the shell could not expand *)': {
      raw: { folder: './follower-data/', is: 'empty' },
      stage: 'copied',
      change: (observation) => {
        observation.files['./follower-data/'] = aFolder(null, 999);
      },
      mistake: 'folder-not-empty',
    },
    'nobody may look inside': {
      raw: { folder: 'follower-data', is: 'empty' },
      change: (observation) => {
        observation.files['follower-data'] = aFolder(null, 999);
        observation.nodes.follower.data = { state: 'unreadable', message: 'permission denied' };
      },
      state: 'error',
      mistake: null,
      saw: /permission denied/,
    },
    'nobody may look inside another folder': {
      ...put('leader', aFolder(null)),
      raw: { folder: 'leader', is: 'empty' },
      state: 'error',
      mistake: null,
    },
  },
});

describeKind(file, {
  raw: { file: 'leader/postgresql.conf', lines: 'lf' },
  stage: 'files',
  passes: {
    'Unix line ends': {},
    'any line ends, where they do not matter': {
      ...put('leader/postgresql.conf', textFile('a\r\n')),
      raw: { file: 'leader/postgresql.conf' },
    },
    'a large file, where its text does not matter': {
      ...put('leader/postgresql.conf', BIG),
      raw: { file: 'leader/postgresql.conf' },
    },
  },
  troubles: {
    'it is not there': { stage: 'nothing', mistake: 'file-missing' },
    'it is something else': {
      ...put('leader/postgresql.conf', { kind: 'other', what: 'a link' }),
      mistake: 'file-missing',
      saw: /a link/,
    },
    'Docker made a folder of it': { ...put('leader/postgresql.conf', aFolder()), mistake: 'file-is-folder' },
    'Windows line ends': {
      ...put('leader/postgresql.conf', textFile('a\r\nb\r\n')),
      mistake: 'crlf-lines',
      saw: /2 lines/,
    },
    'a byte order mark': {
      ...put('leader/postgresql.conf', textFile('\ufeffa\n')),
      mistake: 'byte-order-mark',
    },
    'it can not be read': {
      ...put('leader/postgresql.conf', BIG),
      state: 'error',
      mistake: null,
      saw: /900000/,
    },
  },
});

const SCRIPT = 'leader/setup-leader.sh';
const shell = (text: string, syntax = '') => put(SCRIPT, textFile(text, { syntax }));

describeKind(script, {
  raw: { script: SCRIPT },
  stage: 'files',
  passes: {
    'a script with a command': {},
    'one line without a shebang': shell('docker compose up -d leader'),
  },
  troubles: {
    'it is not there': { stage: 'nothing', mistake: 'file-missing' },
    'it is a folder': { ...put(SCRIPT, aFolder()), mistake: 'file-is-folder' },
    'a byte order mark': { ...shell('\ufeff#!/bin/bash\nls\n'), mistake: 'byte-order-mark' },
    'Windows line ends': { ...shell('#!/bin/bash\r\nls\r\n'), mistake: 'crlf-lines' },
    'bash can not read it': {
      ...shell('if true; then\n', 'setup-leader.sh: line 2: syntax error: unexpected end of file'),
      mistake: 'script-syntax',
      saw: /line 2/,
    },
    'only comments and settings': {
      ...shell('#!/bin/bash\n# later\n\nset -euo pipefail\n   # todo\n'),
      mistake: 'script-empty',
    },
    'it is too large to be read': { ...put(SCRIPT, BIG), state: 'error', mistake: null },
    'bash did not look': { ...put(SCRIPT, textFile('ls\n')), state: 'error', mistake: null },
  },
});
