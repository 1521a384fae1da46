#!/usr/bin/env bash
# What the clients of textlambda-emulate share; they source it with their own arguments. `root` and `bin`, a scratch folder
# that they are in from then on and that goes with them, and how the emulator is started and ended.
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
bin=$(cd -- "${1:-$root/build/release/apps}" && pwd)
scratch=$(mktemp -d)
emulator=
trap '[[ -z $emulator ]] || kill "$emulator" 2> /dev/null || true; wait || true; rm -rf -- "$scratch"' EXIT
cd -- "$scratch" || exit

# started COMMAND...: in the background, with its messages in `log`, until it has said where it listens: `url`.
started() {
  rm -f ready
  "$@" 2> log &
  emulator=$!
  local i
  for ((i = 0; i < 500; ++i)); do
    [[ ! -s ready ]] || break
    sleep 0.02
  done
  # shellcheck disable=SC2034
  url=http://$(sed -n 's/^invoke //p' ready)
}

# emulate ARGUMENT...: on a free port.
emulate() { started "$bin/textlambda-emulate" --port 0 --ready-file ready "$@"; }

# What is under way comes to its end first; its status.
ended() {
  local child=$emulator
  emulator=
  kill "$child"
  wait "$child"
}
