import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { takeCopy } from '../../../src/grade/intake/copy.ts';
import type { Found } from '../../../src/grade/intake/find.ts';
import { INTAKE_LIMITS } from '../../../src/grade/intake/limits.ts';
import { canBeNobody, temporaryFolder, withoutRoot } from '../learn/temp-folder.ts';
import {
  type Made,
  patched,
  type TarMade,
  tarGzOf,
  tarOf,
  zipFarAway,
  zipFarLocator,
  zipOf,
} from './archives.ts';
import { snapshot, type Taken, take } from './copies.ts';

const MB = 1024 * 1024;
const COMPOSE = 'services: {}\n';
const compose = { name: 'docker-compose.yml', content: COMPOSE };
const good = { 'docker-compose.yml': `644 ${COMPOSE}` };

/** The work of a student, as files of mode 0644 or 0755. */
const WORK = [
  { name: 'docker-compose.yml', content: 'services:\r\n  leader: {}\r\n' },
  { name: 'inventory.sql', content: Buffer.from([0, 255, 13, 10, 26]) },
  { name: 'leader/postgresql.conf', content: "listen_addresses = '*'\n" },
  { name: 'leader/setup-leader.sh', content: '#!/bin/bash\n', executable: true },
  { name: 'follower/empty', content: '' },
];
const asZip = WORK.map(
  ({ executable, ...one }): Made => ({ ...one, mode: executable ? 0o100755 : 0o100644 }),
);
const asTar = WORK.map(({ executable, ...one }): TarMade => ({ ...one, mode: executable ? 0o755 : 0o644 }));

async function asFolder(folder: string): Promise<void> {
  for (const { name, content, executable } of WORK) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content, { mode: executable ? 0o700 : 0o600 });
  }
}

describe('a good submission', () => {
  const expected = {
    'docker-compose.yml': '644 services:\r\n  leader: {}\r\n',
    follower: 'folder 755',
    'follower/empty': '644 ',
    'inventory.sql': '644 \x00\xff\r\n\x1a',
    leader: 'folder 755',
    'leader/postgresql.conf': "644 listen_addresses = '*'\n",
    'leader/setup-leader.sh': '755 #!/bin/bash\n',
  };
  const forms: [string, () => Promise<Taken>][] = [
    ['a folder', () => take('folder', asFolder)],
    ['a zip', () => take('zip', zipOf(asZip))],
    ['a zip that packs nothing', () => take('zip', zipOf(asZip.map((one) => ({ ...one, stored: true }))))],
    ['a tar', async () => take('tar', await tarOf(asTar))],
    ['a tar.gz', async () => take('tar', await tarGzOf(asTar))],
    ['a tar.gz of its folder', async () => take('tar', await tarGzOf(under('anna/solutions/', asTar)))],
    ['a zip of its folder', () => take('zip', zipOf(under('./a/b/c/', asZip)))],
    [
      'a folder around its folder',
      () =>
        take('folder', async (folder) => {
          await mkdir(path.join(folder, 'solutions'));
          await asFolder(path.join(folder, 'solutions'));
        }),
    ],
  ];
  it.each(forms)('is the same from %s', async (_, make) => {
    const { copy, remarks, refused, untouched } = await make();
    expect({ copy, remarks, refused, untouched }).toEqual({
      copy: expected,
      remarks: [],
      refused: null,
      untouched: true,
    });
  });

  it('is what the tar of this machine packs, too', async () => {
    const { into } = await take('folder', asFolder);
    const file = path.join(path.dirname(into), 'packed.tgz');
    await promisify(execFile)('tar', ['-czf', file, '-C', path.dirname(into), 'anna']);

    expect((await take('tar', await readFile(file))).copy).toEqual(expected);
  });
});

function under<T extends { name: string | Buffer }>(folder: string, entries: T[]): T[] {
  return entries.map((one) => ({ ...one, name: `${folder}${one.name}` }));
}

/** What is left out, from zip and tar alike, while the compose file beside it is taken. */
const BAD_NAMES: [what: string, name: string, id: string][] = [
  ['an absolute name', '/tmp/wt-evil', 'absolute-name'],
  ['a name that climbs', '../evil', 'path-escape'],
  ['a name that climbs to the sentinel', '../../sentinel/secret.txt', 'path-escape'],
  ['a name that goes down first', 'leader/../../../evil', 'path-escape'],
  ['a name that climbs within', 'leader/../evil', 'path-escape'],
  ['a backslash', '..\\..\\evil', 'name-backslash'],
  ['a drive letter', 'C:/evil', 'absolute-name'],
  ['an escape sequence', 'a\x1b[2Jb', 'name-control'],
  ['a line break', 'a\nb', 'name-control'],
  ['a name of 256 bytes', 'x'.repeat(256), 'name-too-long'],
  ['a name of 130 letters of two bytes', 'é'.repeat(130), 'name-too-long'],
  ['a path of 1,500 bytes', `${'x'.repeat(100)}/`.repeat(15).concat('y'), 'name-too-long'],
  ['21 folders', `${'d/'.repeat(21)}f`, 'too-deep'],
  ['the name of the compose file again', 'docker-compose.yml', 'duplicate-name'],
  ['its name in capitals', 'Docker-Compose.YML', 'duplicate-name'],
  ['a file below a file', 'docker-compose.yml/evil', 'not-a-folder'],
];

describe('an entry with', () => {
  it.each(BAD_NAMES)('%s is left out of a zip', async (_, name, id) => {
    left(await take('zip', zipOf([compose, { name, content: 'evil' }])), id);
  });
  it.each(BAD_NAMES)('%s is left out of a tar', async (_, name, id) => {
    left(await take('tar', await tarOf([compose, { name, content: 'evil' }])), id);
  });
  it('a NUL in its name is left out of a zip', async () => {
    left(await take('zip', zipOf([compose, { name: 'ok.txt\0.sh', content: 'evil' }])), 'name-control');
  });
  it('a name that is not UTF-8 is left out of a zip', async () => {
    left(await take('zip', zipOf([compose, { name: Buffer.from('a\xff', 'latin1') }])), 'name-not-utf8');
  });
  it('a name that is not UTF-8 is left out of a tar', async () => {
    const tar = await tarOf([compose, { name: 'a' }]);
    left(
      await take(
        'tar',
        patched(tar, (header) => header.writeUInt8(0xff, 0), 1024),
      ),
      'name-not-utf8',
    );
  });
  it('the same name in another Unicode form is left out', async () => {
    const { copy, remarks, untouched } = await take(
      'zip',
      zipOf([compose, { name: 'caf\u00e9', content: 'first' }, { name: 'cafe\u0301', content: 'second' }]),
    );
    expect(copy).toEqual({ ...good, 'caf\u00e9': '644 first' });
    expect({ ids: idsOf(remarks), untouched }).toEqual({ ids: ['duplicate-name'], untouched: true });
  });
  it('a folder in capitals is left out with all that is in it, and told once', async () => {
    const { copy, remarks } = await take(
      'zip',
      zipOf([
        { name: 'leader/a', content: '1' },
        { name: 'LEADER/', mode: 0o40755 },
        { name: 'LEADER/b' },
        { name: 'LEADER/c' },
      ]),
    );
    expect(copy).toEqual({ leader: 'folder 755', 'leader/a': '644 1' });
    expect(idsOf(remarks)).toEqual(['duplicate-name']);
  });
});

function left({ copy, remarks, refused, untouched }: Taken, id: string): void {
  expect({ copy, ids: idsOf(remarks), refused, untouched }).toEqual({
    copy: good,
    ids: [id],
    refused: null,
    untouched: true,
  });
  expect(remarks[0]).toMatchObject({ kind: 'intake' });
  expect(`${remarks[0]?.message}${remarks[0]?.where}`).not.toMatch(/\p{Cc}/u);
}

const idsOf = (remarks: { id: string }[]) => remarks.map(({ id }) => id);

const zipLink = (name: string, target: string): Made => ({ name, content: target, mode: 0o120777 });
const tarLink = (name: string, linkname: string): TarMade => ({ name, linkname, type: 'symlink' });

/** Symbolic links that lead out, or to nothing. */
const BAD_LINKS: [string, [name: string, target: string][]][] = [
  ['an absolute link', [['a', '/etc/passwd']]],
  ['a link to the folder above', [['a', '..']]],
  ['a link to the sentinel', [['a', '../../sentinel']]],
  ['a link that goes down and climbs', [['a', 'docker-compose.yml/../../..']]],
  ['a link to itself', [['a', 'a']]],
  ['a link to nothing', [['a', 'nothing']]],
  ['a link with a backslash', [['a', '..\\..\\x']]],
  ['an empty link', [['a', '']]],
];

describe('a symbolic link', () => {
  it.each(BAD_LINKS)('is left out: %s in a zip', async (_, links) => {
    left(
      await take('zip', zipOf([compose, ...links.map(([name, to]) => zipLink(name, to))])),
      'link-outside',
    );
  });
  it.each(BAD_LINKS)('is left out: %s in a tar', async (_, links) => {
    left(
      await take('tar', await tarOf([compose, ...links.map(([name, to]) => tarLink(name, to))])),
      'link-outside',
    );
  });
  it('is left out: an absolute link in a folder', async () => {
    const made = async (folder: string) => {
      await writeFile(path.join(folder, 'docker-compose.yml'), COMPOSE);
      await symlink('/etc/passwd', path.join(folder, 'passwd'));
    };
    left(await take('folder', made), 'link-outside');
  });

  const folders: TarMade[] = [compose, { name: 'x/y', type: 'directory' }];
  it('that climbs by another link is left out', async () => {
    // x/y/up leads to the top; as text x/y/up/.. is x/y, really it is the folder above.
    const links = [tarLink('x/y/up', '../..'), tarLink('out', 'x/y/up/../sentinel')];
    const { copy, remarks, untouched } = await take('tar', await tarOf([...folders, ...links]));
    expect(copy).toEqual({ ...good, x: 'folder 755', 'x/y': 'folder 755', 'x/y/up': 'link ../..' });
    expect({ ids: idsOf(remarks), untouched }).toEqual({ ids: ['link-outside'], untouched: true });
  });
  it.each([
    ['first', [tarLink('d', '../../sentinel'), { name: 'd/evil', content: 'evil' }]],
    ['to an inner folder', [tarLink('d', 'x'), { name: 'd/evil', content: 'evil' }]],
    [
      'first, and then the folder itself',
      [tarLink('d', '../../sentinel'), { name: 'd', type: 'directory' as const }, { name: 'd/evil' }],
    ],
    [
      'to a file that is then written',
      [tarLink('d', '../../sentinel/secret.txt'), { name: 'd', content: 'evil' }],
    ],
  ])('is never written through: link %s', async (_, entries: TarMade[]) => {
    const { copy, remarks, untouched } = await take('tar', await tarOf([...folders, ...entries]));
    expect(untouched).toBe(true);
    expect(JSON.stringify(copy)).not.toContain('evil');
    expect(remarks.length).toBeGreaterThan(0);
  });
  it('that stays inside is kept', async () => {
    const links = [tarLink('x/to-compose', '../docker-compose.yml'), tarLink('again', 'x/to-compose')];
    const { copy, remarks } = await take('tar', await tarOf([...under('a/b/', [...folders, ...links])]));
    expect(remarks).toEqual([]);
    expect(copy).toMatchObject({ 'x/to-compose': 'link ../docker-compose.yml', again: 'link x/to-compose' });
  });
  it('that stays in the archive but not in the workspace is left out', async () => {
    const entries = [
      { name: 'anna/notes', content: 'n' },
      ...under('anna/w/', [compose]),
      tarLink('anna/w/n', '../notes'),
    ];
    const { copy, remarks } = await take('tar', await tarOf(entries));
    expect(copy).toEqual(good);
    expect(idsOf(remarks)).toEqual(['beside-workspace', 'link-outside']);
  });
});

describe('a hard link', () => {
  const hard = (name: string, linkname: string): TarMade => ({ name, linkname, type: 'link' });
  it.each(['/etc/passwd', '../../sentinel/secret.txt', 'nothing', 'a', 'x/y', 'Docker-Compose.yml'])(
    'to %s is left out',
    async (target) => {
      const { copy, remarks, untouched } = await take('tar', await tarOf([compose, hard('a', target)]));
      expect({ copy, ids: idsOf(remarks), untouched }).toEqual({
        copy: good,
        ids: ['link-outside'],
        untouched: true,
      });
    },
  );
  it('through a symbolic link is left out', async () => {
    const entries = [compose, tarLink('s', '../../sentinel/secret.txt'), hard('a', 's')];
    const { copy, remarks, untouched } = await take('tar', await tarOf(entries));
    expect({ copy, untouched }).toEqual({ copy: good, untouched: true });
    expect(idsOf(remarks)).toEqual(['link-outside', 'link-outside']);
  });
  it('to a file before it is kept', async () => {
    const { copy, remarks } = await take('tar', await tarOf([compose, hard('a', './docker-compose.yml')]));
    expect({ copy, remarks }).toEqual({ copy: { ...good, a: `644 ${COMPOSE}` }, remarks: [] });
  });
});

describe('special files', () => {
  it.each(['fifo', 'character-device', 'block-device'] as const)(
    'of a tar are left out: %s',
    async (type) => {
      left(
        await take('tar', await tarOf([compose, { name: 'a', type, devmajor: 1, devminor: 3 }])),
        'special-file',
      );
    },
  );
  it('of an unknown type are left out', async () => {
    const tar = await tarOf([compose, { name: 'a' }]);
    left(
      await take(
        'tar',
        patched(tar, (header) => header.write('S', 156), 1024),
      ),
      'special-file',
    );
  });
  it.each([0o010644, 0o020644, 0o060644, 0o140644])('of a zip are left out: mode %o', async (mode) => {
    left(await take('zip', zipOf([compose, { name: 'a', mode }])), 'special-file');
  });
  it('of a folder are left out, and nobody waits for a FIFO', async () => {
    const made = async (folder: string) => {
      await writeFile(path.join(folder, 'docker-compose.yml'), COMPOSE);
      await promisify(execFile)('mkfifo', [path.join(folder, 'a')]);
    };
    left(await take('folder', made), 'special-file');
  });
});

describe('what is too much', () => {
  const refusedAs = ({ refused, copy, untouched }: Taken, id: string) =>
    expect({ id: refused?.id, copy, untouched }).toEqual({ id, copy: {}, untouched: true });
  const zeros = (bytes: number) => Buffer.alloc(bytes);
  const noise = (bytes: number) =>
    Buffer.from(Array.from({ length: bytes }, (_, i) => (i * i * 31 + (i >> 3)) % 251));

  it('a zip bomb is refused whole', async () => {
    refusedAs(await take('zip', zipOf([compose, { name: 'a', content: zeros(5 * MB) }])), 'archive-bomb');
  });
  it('a zip bomb that claims to be small is refused whole', async () => {
    const bomb = { name: 'a', content: zeros(5 * MB), claims: { size: 10 } };
    refusedAs(await take('zip', zipOf([compose, bomb])), 'archive-bomb');
  });
  it('a tar.gz bomb is refused whole', async () => {
    refusedAs(
      await take('tar', await tarGzOf([compose, { name: 'a', content: zeros(5 * MB) }])),
      'archive-bomb',
    );
  });
  it('a tar.gz bomb in what is left out anyway is refused whole', async () => {
    const tar = await tarGzOf([compose, { name: 'leader-data/a', content: zeros(5 * MB) }]);
    refusedAs(await take('tar', tar), 'archive-bomb');
  });
  it('a zip bomb of parts that share their bytes counts each time', async () => {
    const half = { content: zeros(700_000), stored: false };
    const entries = Array.from({ length: 8 }, (_, i) => ({ name: `a${i}`, ...half }));
    refusedAs(await take('zip', zipOf([compose, ...entries])), 'archive-bomb');
  });
  const large = Buffer.concat(Array.from({ length: 90 }, () => noise(100_000)));
  it.each(['zip', 'tar'] as const)(
    'a file over the limit is left out of a %s, and the next one taken',
    async (kind) => {
      const entries = [{ name: 'a', content: large }, compose];
      left(
        await take(
          kind,
          kind === 'zip' ? zipOf(entries.map((one) => ({ ...one, stored: true }))) : await tarOf(entries),
        ),
        'file-too-large',
      );
    },
  );
  it('a file over the limit is left out of a folder, however small it is on disk', async () => {
    const made = async (folder: string) => {
      await writeFile(path.join(folder, 'docker-compose.yml'), COMPOSE);
      await writeFile(path.join(folder, 'huge'), '');
      await truncate(path.join(folder, 'huge'), 1024 ** 4);
    };
    left(await take('folder', made), 'file-too-large');
  });
  it('files over the limit do not count for the others', async () => {
    const entries = Array.from({ length: 9 }, (_, i) => ({ name: `a${i}`, content: large, stored: true }));
    const { copy, remarks } = await take('zip', zipOf([...entries, compose]), { totalBytes: 10 * MB });
    expect({ copy, ids: new Set(idsOf(remarks)) }).toEqual({ copy: good, ids: new Set(['file-too-large']) });
  });
  it('files that are too much together are refused whole', async () => {
    const entries = Array.from({ length: 5 }, (_, i) => ({
      name: `a${i}`,
      content: noise(10_000),
      stored: true,
    }));
    refusedAs(await take('zip', zipOf([compose, ...entries]), { totalBytes: 45_000 }), 'too-large');
  });
  it('is what the limits say', () => {
    expect(INTAKE_LIMITS).toMatchObject({ entries: 2000, fileBytes: 8 * MB, totalBytes: 64 * MB, depth: 20 });
  });
  it.each(['zip', 'tar', 'folder'] as const)('one file too many refuses a %s whole', async (kind) => {
    const many = Array.from({ length: 51 }, (_, i) => ({ name: `f${i}`, content: '' }));
    const inFolder = async (folder: string) => {
      for (const { name } of many) await writeFile(path.join(folder, name), '');
    };
    const made = { zip: () => zipOf(many), tar: () => tarOf(many), folder: () => inFolder };
    const handedIn = await made[kind]();
    refusedAs(await take(kind, handedIn, { entries: 50 }), 'too-many-entries');
    refusedAs(await take(kind, handedIn, { entries: 51 }), 'no-workspace');
  });
  it('folders that names only imply count, too', async () => {
    const deep = Array.from({ length: 10 }, (_, i) => ({ name: `${i}/${'d/'.repeat(15)}f` }));
    refusedAs(await take('zip', zipOf(deep), { entries: 100 }), 'too-many-entries');
  });
  it('entries that are left out are not looked at for ever', async () => {
    const bad = Array.from({ length: 60 }, (_, i) => ({ name: `../${i}` }));
    refusedAs(await take('zip', zipOf(bad), { seenEntries: 50 }), 'too-many-entries');
  });
  it('thousands of bad names make few remarks', async () => {
    const bad = Array.from({ length: 1000 }, (_, i) => ({ name: `../${i}` }));
    const { remarks, copy } = await take('zip', zipOf([compose, ...bad]));
    expect(copy).toEqual(good);
    expect(remarks.length).toBe(11);
    expect(remarks.at(-1)?.message).toBe('990 more were left out for the same reason.');
  });
});

describe('what is not an archive', () => {
  const cases: [string, 'zip' | 'tar', () => Buffer | Promise<Buffer>, string][] = [
    ['a text as a zip', 'zip', () => Buffer.from('hello'), 'damaged-archive'],
    ['nothing as a zip', 'zip', () => Buffer.alloc(0), 'damaged-archive'],
    ['nothing as a tar', 'tar', () => Buffer.alloc(0), 'empty-submission'],
    ['a zip without entries', 'zip', () => zipOf([]), 'empty-submission'],
    ['a text as a tar', 'tar', () => Buffer.from('hello '.repeat(500)), 'damaged-archive'],
    ['a zip as a tar', 'tar', () => zipOf(asZip), 'damaged-archive'],
    ['a tar as a zip', 'zip', () => tarOf(asTar), 'damaged-archive'],
    ['a zip cut short', 'zip', () => zipOf(asZip).subarray(0, 200), 'damaged-archive'],
    ['a tar cut short', 'tar', async () => (await tarOf(asTar)).subarray(0, 600), 'damaged-archive'],
    ['a tar.gz cut short', 'tar', async () => (await tarGzOf(asTar)).subarray(0, 150), 'damaged-archive'],
    ['a zip that lists more than it has', 'zip', () => zipOf(asZip, { count: 500 }), 'damaged-archive'],
    ['a zip whose directory is beyond all files', 'zip', zipFarAway, 'damaged-archive'],
    ['a zip whose locator is beyond all files', 'zip', zipFarLocator, 'damaged-archive'],
    [
      'a tar with a size below zero',
      'tar',
      async () => patched(await tarOf([compose]), (header) => header.fill(0xff, 124, 136)),
      'damaged-archive',
    ],
    [
      'a tar with a size of terabytes',
      'tar',
      async () => patched(await tarOf([compose]), (header) => header.write('77777777777 ', 124)),
      'damaged-archive',
    ],
  ];
  it.each(cases)('is refused: %s', async (_, kind, make, id) => {
    const { refused, copy, untouched } = await take(kind, await make());
    expect({ id: refused?.id, copy, untouched }).toEqual({ id, copy: {}, untouched: true });
  });

  it.each([
    ['an encrypted file', { claims: { flags: 0x801 } }, 'encrypted'],
    ['a file packed in an unknown way', { claims: { method: 14 } }, 'unknown-compression'],
    ['a file with a wrong checksum', { claims: { crc: 1 } }, 'damaged-file'],
    ['a file that is no deflated data', { stored: true, claims: { method: 8 } }, 'damaged-file'],
  ])('but %s in a zip is only left out', async (_, made, id) => {
    left(await take('zip', zipOf([compose, { name: 'a', content: 'text', ...made }])), id);
  });
});

describe('what a submission does not bring', () => {
  const extra = [
    'leader-data/PG_VERSION',
    'leader-data/base/1',
    'follower-data/PG_VERSION',
    '.git/config',
    'node_modules/x/y',
    '__MACOSX/._a',
    '.DS_Store',
    '._docker-compose.yml',
    '.walkthrough/progress.json',
    'leader/.DS_Store',
  ];
  const notes = (remarks: { kind: string; id: string; where: string }[]) =>
    remarks.map(({ kind, id, where }) => `${kind} ${id} ${where}`).sort();
  const expected = ['note data-left-out follower-data', 'note data-left-out leader-data'];
  it('is left out of a zip', async () => {
    const { copy, remarks } = await take('zip', zipOf([...asZip, ...extra.map((name) => ({ name }))]));
    expect(Object.keys(copy)).toHaveLength(7);
    expect(notes(remarks)).toEqual(expected);
  });
  it.each(['zip', 'tar'] as const)(
    'does not count in a %s: thousands of files of two servers',
    async (kind) => {
      const page = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * i * 7) % 255));
      const data = Array.from({ length: 4000 }, (_, i) => ({
        name: `${i % 2 ? 'leader' : 'follower'}-data/base/${i}`,
        content: page,
        stored: true,
      }));
      const packed = kind === 'zip' ? zipOf([...data, ...asZip]) : await tarOf([...data, ...asTar]);
      const { copy, remarks } = await take(kind, packed);
      expect(Object.keys(copy)).toHaveLength(7);
      expect(notes(remarks)).toEqual(expected);
    },
    30_000,
  );
  it('is left out of a folder', async () => {
    const { copy, remarks } = await take('folder', async (folder) => {
      await asFolder(folder);
      for (const name of extra) {
        await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
        await writeFile(path.join(folder, name), 'x');
      }
    });
    expect(Object.keys(copy)).toHaveLength(7);
    expect(notes(remarks)).toEqual(expected);
  });
});

describe('the copy', () => {
  const found = async (folder: string): Promise<Found> => {
    await asFolder(folder);
    return { name: 'anna', path: folder, kind: 'folder' };
  };
  it('is made in no folder that holds something', async () => {
    const room = await temporaryFolder();
    await mkdir(path.join(room, 'anna'));
    await writeFile(path.join(room, 'mine'), 'mine');
    await expect(takeCopy(await found(path.join(room, 'anna')), room)).rejects.toThrow('is not empty');
    expect(await snapshot(room)).toMatchObject({ mine: '644 mine' });
  });
  it.runIf(canBeNobody)('costs nobody points where it can not be written', async () => {
    const room = await temporaryFolder();
    await mkdir(path.join(room, 'anna'));
    const anna = await found(path.join(room, 'anna'));
    const { UnusableError } = await import('../../../src/grade/room.ts');
    const taking = withoutRoot(() => takeCopy(anna, path.join(room, 'copy')));
    await expect(taking).rejects.toThrow(UnusableError);
  });

  it('has no setuid bit', async () => {
    const { copy } = await take(
      'tar',
      await tarOf([compose, { name: 'a', mode: 0o6755 }, { name: 'd', type: 'directory', mode: 0o1777 }]),
    );
    expect(copy).toEqual({ ...good, a: '755 ', d: 'folder 755' });
  });
  it('does not open archives in it', async () => {
    const inner = zipOf([{ name: '../../evil', content: 'evil' }]);
    const { copy, remarks } = await take('zip', zipOf([compose, { name: 'inner.zip', content: inner }]));
    expect(Object.keys(copy)).toEqual(['docker-compose.yml', 'inner.zip']);
    expect(remarks).toEqual([]);
  });
});
