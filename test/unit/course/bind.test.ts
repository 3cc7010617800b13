import { describe, expect, it } from 'vitest';
import { bindNames } from '../../../src/course/bind.ts';
import { UnknownNameError } from '../../../src/course/names.ts';
import { readCourse } from '../../../src/course/read.ts';
import type { Names } from '../../../src/course/types.ts';
import { VALID } from './fixture.ts';

const course = await readCourse(VALID);

describe('bindNames', () => {
  it('puts values into prose, commands, arguments of checks and files', () => {
    const bound = bindNames(course, { project: 'mine', role: 'copier' });
    const task = bound.lessons[1]?.tasks[0];
    expect(task?.title).toBe('Create copier & look');
    expect(task?.action).toMatchObject({ command: expect.stringContaining('CREATE ROLE copier WITH') });
    expect(task?.checks[0]?.args).toEqual({ role: 'copier', on: 'leader', wants: ['login', 'replication'] });
    expect(bound.files).toEqual({ 'files/leader/postgresql.conf': 'port = 5433\n' });
    expect(bound.names).toEqual({ leader: 'leader', port: '5433', role: 'copier', project: 'mine' });
  });

  it('leaves the given course as it was', () => {
    const before = structuredClone(course);
    bindNames(course, { project: 'mine' });
    expect(course).toEqual(before);
  });

  it('leaves no placeholder, whatever the values are', () => {
    for (const value of ['a', '$&', '{', '}}', 'ünï', '$1', '\\', '"']) {
      const names: Names = Object.fromEntries(Object.keys(course.names).map((name) => [name, value]));
      const text = JSON.stringify({ ...bindNames(course, { ...names, project: value }), names: {} });
      expect(text).not.toMatch(/\{\{[A-Za-z]/);
    }
  });

  it('leaves the templates of docker alone', () => {
    const title = "docker ps --format '{{.Names}} {{json .Ports}}'";
    expect(bindNames({ ...course, title }, {}).title).toBe(title);
  });

  it('refuses a name without a value, also one that objects inherit', () => {
    for (const name of ['project', 'toString']) {
      const act = () => bindNames({ ...course, title: `{{${name}}}` }, {});
      expect(act).toThrow(UnknownNameError);
      expect(act).toThrow(`unknown name {{${name}}}. Known names: leader, port, role`);
    }
  });
});
