import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Where the room's folders are in a script's container. */
export const PLACES = {
  bin: '/.walkthrough/bin',
  asks: '/.walkthrough/asks',
  answers: '/.walkthrough/answers',
} as const;

/** A pipe that nobody writes into: waiting for it is a pause that needs no process. */
export const TICK = '/tmp/.walkthrough-tick';

/**
 * `docker` and `sudo` in a script's container, with bash and coreutils alone. It writes an ask, shows the pieces of
 * the answer in order, and says of each that it was shown, so that few of them wait. Its input is touched only when
 * it is asked for: a loop may read from the same one. Files and no socket, because a socket of this machine can't be
 * reached from Docker Desktop's.
 */
const SHIM = `#!/bin/bash
asks=${PLACES.asks} answers=${PLACES.answers}
name=$$.$RANDOM$RANDOM piece=0 feeder= fed=
cd -P . 2>/dev/null
mapfile -d '' -t variables </proc/self/environ
redirected=1; [ -c /dev/stdin ] && redirected=0
fields=("\${0##*/}" "$PWD" "$redirected" "\${#variables[@]}" "\${variables[@]}" "$@")
printf '%s\\0' "\${#fields[@]}" "\${fields[@]}" >"$asks/$name.ask" || exit 125
leave() { : >"$asks/$name.stop"; [ -z "$feeder" ] || kill "$feeder" 2>/dev/null; exit "$1"; }
trap 'leave 130' INT
trap 'leave 143' TERM HUP PIPE
exec 8<&0 </dev/null
tick=8; { exec 9<>${TICK}; } 2>/dev/null && tick=9
while :; do
  next=$answers/$name.$piece
  if [ -e "$next.out" ]; then
    cat "$next.out" || leave 141
  elif [ -e "$next.err" ]; then
    cat "$next.err" >&2 || leave 141
  elif [ -e "$next.end" ]; then
    read -r code <"$next.end"
    leave "$code"
  else
    if [ -z "$feeder" ] && [ -e "$answers/$name.want" ]; then
      cat <&8 >"$asks/$name.in" 2>/dev/null &
      feeder=$!
    elif [ -n "$feeder" ] && [ -z "$fed" ] && ! kill -0 "$feeder" 2>/dev/null; then
      fed=1
      : >"$asks/$name.eof"
    fi
    if [ "$tick" = 9 ]; then read -r -t 0.01 -u 9; else sleep 0.02; fi
    continue
  fi
  : >"$asks/$name.$piece"
  piece=$((piece + 1))
done
`;

/** Puts the programs into a folder of this machine. */
export async function writeShims(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  for (const name of ['docker', 'sudo']) {
    const file = path.join(folder, name);
    await writeFile(file, SHIM);
    // Whatever the umask: the script runs as another user where the copy is another's.
    await chmod(file, 0o755);
  }
  await chmod(folder, 0o755);
}
