import path from 'node:path';
import type { CleanRoom, RoomOptions } from './room.ts';

type Open = (options: RoomOptions) => Promise<CleanRoom>;

/** Opens rooms that tell what is done in them, in a few words; `workspace`: the copy that it is done with. */
export function watchedRooms(open: Open, tell: (workspace: string, what: string) => void): Open {
  return async (options) => {
    const { workspace } = options;
    const again = path.basename(path.dirname(workspace)) === 'mended' ? 'second copy: ' : '';
    const say = (what: string) => tell(workspace, `${again}${what}`);
    const during = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
      say(what);
      return work().finally(() => say('looks at the servers'));
    };
    say('makes room for it');
    const room = await open(options);
    return {
      lab: room.lab,
      docker: (argv, more) => during(short(argv), () => room.docker(argv, more)),
      script: (file, more) => during(`bash ${file}`, () => room.script(file, more)),
      assertSound: () => room.assertSound(),
      remarks: () => room.remarks(),
      close: () => during('cleans up', () => room.close()),
    };
  };
}

/** `docker compose up`: the words before the first option. */
function short(argv: string[]): string {
  const option = argv.findIndex((word) => word.startsWith('-'));
  return ['docker', ...argv.slice(0, option === -1 ? 2 : Math.min(2, option))].join(' ');
}
