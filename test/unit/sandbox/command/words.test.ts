import { describe, expect, it } from 'vitest';
import { ago, durationSeconds, fullTime, span } from '../../../../src/lab/sandbox/command/ago.ts';
import type { Value } from '../../../../src/lab/sandbox/command/go-values.ts';
import { shorten, table } from '../../../../src/lab/sandbox/command/table.ts';
import { compileTemplate } from '../../../../src/lab/sandbox/command/template.ts';
import { knownImage } from '../../../../src/lab/sandbox/image.ts';

const S = 1000;
const H = 3600 * S;

describe('spans of time', () => {
  it.each([
    [0, 'Less than a second'],
    [999, 'Less than a second'],
    [S, '1 second'],
    [2.9 * S, '2 seconds'],
    [59 * S, '59 seconds'],
    [60 * S, 'About a minute'],
    [119 * S, 'About a minute'],
    [120 * S, '2 minutes'],
    [59 * 60 * S, '59 minutes'],
    [H, 'About an hour'],
    [1.4 * H, 'About an hour'],
    [1.6 * H, '2 hours'],
    [47 * H, '47 hours'],
    [48 * H, '2 days'],
    [24 * 13 * H, '13 days'],
    [24 * 14 * H, '2 weeks'],
    [24 * 60 * H, '2 months'],
    [24 * 365 * 3 * H, '3 years'],
  ])('%i ms: %s', (milliseconds, text) => {
    expect(span(milliseconds)).toBe(text);
  });

  it('tells a time that is not known as docker does', () => {
    expect(ago('', 0)).toBe('N/A');
    expect(ago('2026-01-01T00:00:00.000Z', Date.parse('2026-01-01T00:00:03Z'))).toBe('3 seconds ago');
    expect(fullTime('2026-11-25T12:30:12.345Z')).toBe('2026-11-25 12:30:12 +0000 UTC');
  });

  it.each([
    ['10s', 10],
    ['1m30s', 90],
    ['1.5h', 5400],
    ['500ms', 0.5],
    ['10', null],
    ['soon', null],
  ])('reads the duration %s', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });
});

describe('tables', () => {
  it('makes columns of at least 10, and pads all but the last', () => {
    const rows = [
      ['DRIVER', 'VOLUME NAME'],
      ['local', 'demo_vol'],
    ];
    expect(table(rows)).toBe('DRIVER    VOLUME NAME\nlocal     demo_vol\n');
  });

  it('counts characters, and keeps the blanks before an empty last cell', () => {
    expect(
      table([
        ['COMMAND', 'PORTS'],
        ['"docker-entrypoint.s…"', ''],
      ]),
    ).toBe('COMMAND                  PORTS\n"docker-entrypoint.s…"   \n');
  });

  it('shortens a command to 20 characters', () => {
    expect(shorten('docker-entrypoint.sh postgres', 20)).toBe('docker-entrypoint.s…');
    expect(shorten('short', 20)).toBe('short');
  });
});

describe('templates', () => {
  const value: Value = {
    Name: '/leader',
    Count: 3,
    None: null,
    State: { Status: 'running', Running: true },
    Ports: '127.0.0.1:5433->5432/tcp',
    Labels: { 'com.docker.compose.project': 'solutions' },
    Networks: { b: { IP: '2' }, a: { IP: '1' } },
    Mounts: [{ Type: 'bind' }, { Type: 'volume' }],
  };
  const fill = (source: string) =>
    compileTemplate(source, {
      failure: 'template parsing error',
      missing: (field) => `map has no entry for key "${field}"`,
    })(value);

  it.each([
    ['{{.Name}}', '/leader'],
    ['x {{ .State.Status }}\t{{.Count}}!', 'x running\t3!'],
    ['{{json .State}}', '{"Status":"running","Running":true}'],
    ['{{json .Ports}}', '"127.0.0.1:5433->5432/tcp"'],
    ['{{.State}}', 'map[Running:true Status:running]'],
    ['{{.None}} {{.Mounts}}', '<no value> [map[Type:bind] map[Type:volume]]'],
    ['{{index .Labels "com.docker.compose.project"}}', 'solutions'],
    ['[{{index .Labels "nothing"}}]', '[]'],
    ['{{len .Mounts}}', '2'],
    ['{{json (index .Mounts 0)}}', null],
    ['{{range .Networks}}{{.IP}} {{end}}', '1 2 '],
    ['{{range .Mounts}}<{{.Type}}>{{end}}', '<bind><volume>'],
    ['{{if .State.Running}}up{{else}}down{{end}}', 'up'],
    ['a {{- .Count -}} b', 'a3b'],
  ])('%s', (source, expected) => {
    if (expected === null) expect(() => fill(source)).toThrow('the sandbox does not know "("');
    else expect(fill(source)).toBe(expected);
  });

  it.each([
    [
      '{{.Foo}}',
      'template parsing error: template: :1:2: executing "" at <.Foo>: map has no entry for key "Foo"',
    ],
    [
      '{{.Foo.Bar}}',
      'template parsing error: template: :1:6: executing "" at <.Foo.Bar>: map has no entry for key "Foo"',
    ],
    [
      '{{json .Name}} {{index .Labels "a"}} {{range .X}}{{end}}',
      'template parsing error: template: :1:45: executing "" at <.X>: map has no entry for key "X"',
    ],
    ['{{', 'template parsing error: template: :1: unclosed action'],
  ])('%s is refused in the words of docker', (source, message) => {
    expect(() => fill(source)).toThrow(message);
  });

  it.each(['{{with .State}}{{.Status}}{{end}}', '{{.Name | upper}}', '{{$x := .Name}}', '{{template "x"}}'])(
    '%s is refused by name',
    (source) => {
      expect(() => fill(source)).toThrow(
        /^the sandbox does not know "[^"]+" in a template\nUse --format json\. Where/,
      );
    },
  );
});

describe('images', () => {
  it.each([
    ['postgres:14', 'postgres:14'],
    ['postgres:14.23-bookworm', 'postgres:14.23-bookworm'],
    ['docker.io/library/postgres:14-alpine', 'postgres:14-alpine'],
    ['postgres', null],
    ['postgres:15', null],
    ['postgres:140', null],
    ['mysql:14', null],
    ['evil/postgres:14', null],
  ])('%s', (image, expected) => {
    const known = knownImage(image);
    expect(known && `${known.repository}:${known.tag}`).toBe(expected);
  });
});
